// Checks of Rust's standard library on files, time and environment: a line for each, and the number that failed as the exit code.
// `check write` works in the directory /data; `check read-only` expects seed.txt there, and that nothing can be changed.
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, process, thread};

struct Checks {
    failed: i32,
}

impl Checks {
    fn check(&mut self, name: &str, run: impl FnOnce() -> io::Result<bool>) {
        match run() {
            Ok(true) => println!("ok {}", name),
            outcome => {
                self.failed += 1;
                println!("not ok {} ({:?})", name, outcome);
            }
        }
    }

    fn refused<T>(&mut self, name: &str, os_error: i32, result: io::Result<T>) {
        self.check(name, || match result {
            Ok(_) => Ok(false),
            Err(error) if error.raw_os_error() == Some(os_error) => Ok(true),
            Err(error) => Err(error),
        });
    }
}

const EROFS: i32 = 69;
const ENOTEMPTY: i32 = 55;
const EEXIST: i32 = 20;

fn files(checks: &mut Checks) {
    let path = "/data/rust.txt";
    checks.check("write and read_to_string", || {
        fs::write(path, "eins\nzwei\ndrei\n")?;
        Ok(fs::read_to_string(path)? == "eins\nzwei\ndrei\n")
    });
    checks.check("BufRead::lines", || {
        let lines: Result<Vec<_>, _> = BufReader::new(File::open(path)?).lines().collect();
        Ok(lines? == ["eins", "zwei", "drei"])
    });
    checks.check("append", || {
        OpenOptions::new().append(true).open(path)?.write_all("vier".as_bytes())?;
        Ok(fs::metadata(path)?.len() == 19)
    });
    checks.check("seek, read and write of one file", || {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        file.seek(SeekFrom::End(-4))?;
        file.write_all(b"VIER")?;
        file.seek(SeekFrom::Start(5))?;
        let mut rest = String::new();
        file.read_to_string(&mut rest)?;
        Ok(rest == "zwei\ndrei\nVIER" && file.stream_position()? == 19)
    });
    checks.check("set_len", || {
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(3)?;
        file.sync_all()?;
        Ok(fs::read(path)? == b"ein")
    });
    checks.refused("create_new", EEXIST, OpenOptions::new().write(true).create_new(true).open(path));
    checks.check("a big file", || {
        let bytes: Vec<u8> = (0..3_000_000u32).map(|i| (i.wrapping_mul(2654435761) >> 24) as u8).collect();
        fs::write("/data/big.bin", &bytes)?;
        let same = fs::read("/data/big.bin")? == bytes;
        let copied = fs::copy("/data/big.bin", "/data/copy.bin")?;
        fs::remove_file("/data/big.bin")?;
        fs::remove_file("/data/copy.bin")?;
        Ok(same && copied == 3_000_000)
    });
    checks.check("rename", || {
        fs::rename(path, "/data/ünïcode ☃.txt")?;
        Ok(!Path::new(path).exists() && fs::read("/data/ünïcode ☃.txt")? == b"ein")
    });
    checks.check("remove_file", || {
        fs::remove_file("/data/ünïcode ☃.txt")?;
        Ok(File::open("/data/ünïcode ☃.txt").err().map(|error| error.kind()) == Some(ErrorKind::NotFound))
    });
    checks.check("modified", || {
        File::create(path)?;
        let modified = fs::metadata(path)?.modified()?.duration_since(UNIX_EPOCH);
        fs::remove_file(path)?;
        Ok(modified.map(|time| time.as_secs() > 1_600_000_000).unwrap_or(false))
    });
}

fn directories(checks: &mut Checks) {
    checks.check("create_dir_all", || {
        fs::create_dir_all("/data/a/b/c")?;
        Ok(fs::metadata("/data/a/b/c")?.is_dir())
    });
    checks.check("read_dir", || {
        let mut expected = BTreeSet::new();
        for i in 0..100 {
            let name = format!("file number {:03}", i);
            fs::write(Path::new("/data/a/b").join(&name), name.as_bytes())?;
            expected.insert(name);
        }
        expected.insert("c".to_string());
        let entries: Result<Vec<_>, _> = fs::read_dir("/data/a/b")?.collect();
        let entries = entries?;
        let files = entries.iter().filter(|entry| entry.file_type().map(|of| of.is_file()).unwrap_or(false)).count();
        let names: BTreeSet<_> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        Ok(entries.len() == 101 && files == 100 && names == expected)
    });
    checks.refused("remove_dir of one that is not empty", ENOTEMPTY, fs::remove_dir("/data/a"));
    checks.check("remove_dir_all", || {
        fs::remove_dir_all("/data/a")?;
        Ok(!Path::new("/data/a").exists())
    });
    checks.check("nothing outside", || Ok(File::open("/data/../../etc/passwd").is_err() && File::open("/etc/passwd").is_err()));
}

fn read_only(checks: &mut Checks) {
    checks.check("read", || Ok(fs::read_to_string("/data/seed.txt")? == "seed\n"));
    checks.refused("no write", EROFS, fs::write("/data/seed.txt", "other"));
    checks.refused("no append", EROFS, OpenOptions::new().append(true).open("/data/seed.txt"));
    checks.refused("no new file", EROFS, File::create("/data/new.txt"));
    checks.refused("no create_dir", EROFS, fs::create_dir("/data/dir"));
    checks.refused("no rename", EROFS, fs::rename("/data/seed.txt", "/data/other.txt"));
    checks.refused("no hard_link", EROFS, fs::hard_link("/data/seed.txt", "/data/other.txt"));
    checks.refused("no remove_file", EROFS, fs::remove_file("/data/seed.txt"));
    checks.check("still there", || Ok(fs::read_to_string("/data/seed.txt")? == "seed\n"));
}

fn environment(checks: &mut Checks) {
    checks.check("arguments", || Ok(env::args().skip(2).eq(["two words", "é"])));
    checks.check("var", || Ok(env::var("GREETING").as_deref() == Ok("hello, wörld") && env::var("EMPTY").as_deref() == Ok("")));
    checks.check("var of nothing", || Ok(env::var("NOTHING").is_err()));
    checks.check("vars", || Ok(env::vars().count() == 2));
    checks.check("set_var", || {
        env::set_var("GREETING", "other");
        Ok(env::var("GREETING").as_deref() == Ok("other"))
    });
}

fn time(checks: &mut Checks) {
    checks.check("SystemTime", || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after the epoch");
        println!("{}", now.as_secs() / 60);
        Ok(now.as_secs() > 1_600_000_000)
    });
    checks.check("sleep and Instant", || {
        let before = Instant::now();
        thread::sleep(Duration::from_millis(20));
        let passed = before.elapsed();
        Ok(passed >= Duration::from_millis(20) && passed < Duration::from_secs(10))
    });
}

fn main() {
    let mut checks = Checks { failed: 0 };
    environment(&mut checks);
    time(&mut checks);
    if env::args().nth(1).as_deref() == Some("write") {
        files(&mut checks);
        directories(&mut checks);
    } else {
        read_only(&mut checks);
    }
    process::exit(checks.failed);
}
