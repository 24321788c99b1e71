//! Draws the Mandelbrot set in text: double-precision arithmetic in a tight loop.

const WIDTH: u32 = 78;
const HEIGHT: u32 = 31;
const LIMIT: u32 = 2000;
const SHADES: &[u8] = b" .:-=+*%@";

/// Counts the steps until the point escapes, up to the limit.
fn steps(cx: f64, cy: f64) -> u32 {
    let (mut x, mut y) = (0.0, 0.0);
    for n in 0..LIMIT {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            return n;
        }
        y = 2.0 * x * y + cy;
        x = xx - yy + cx;
    }
    LIMIT
}

fn main() {
    let mut total = 0;
    for row in 0..HEIGHT {
        let mut line = String::new();
        for column in 0..WIDTH {
            let n = steps(
                -2.2 + 3.2 * f64::from(column) / f64::from(WIDTH - 1),
                -1.2 + 2.4 * f64::from(row) / f64::from(HEIGHT - 1),
            );
            total += n;
            let shade = if n == LIMIT { SHADES.len() - 1 } else { (n as usize / 2).min(SHADES.len() - 2) };
            line.push(SHADES[shade] as char);
        }
        println!("{}", line.trim_end());
    }
    println!("{total} steps");
}
