// sql.js: SQLite built with Emscripten. Fills a table, asks it questions, and gives the database's bytes back as a checksum.
import { createHash } from "node:crypto";
import initSqlJs from "sql.js";

export const about = { package: "sql.js" };

export async function start() {
  const SQL = await initSqlJs();
  return () => {
    const db = new SQL.Database();
    db.run("CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT, weight REAL)");
    const insert = db.prepare("INSERT INTO word (text, weight) VALUES (?, ?)");
    db.run("BEGIN");
    for (let i = 0; i < 2000; i++) insert.run([`word ${(i * 7919) % 2000}`, i / 7]);
    db.run("COMMIT");
    insert.free();
    db.run("CREATE INDEX by_text ON word (text)");
    const answers = db.exec(`
      SELECT count(*), sum(weight) FROM word;
      SELECT substr(text, 6, 1) AS digit, count(*), round(avg(weight), 3) FROM word GROUP BY digit ORDER BY digit;
      SELECT a.text FROM word a JOIN word b ON a.text = b.text WHERE b.id % 500 = 0 ORDER BY a.text DESC;
    `);
    const bytes = db.export();
    db.close();
    return { answers, sha256: createHash("sha256").update(bytes).digest("hex") };
  };
}
