//! Everything that stands in a database, to look for what must not.

use std::path::Path;

use tokio_postgres::NoTls;

/// Each row of each table, as words.
pub(crate) async fn all(database: Option<&str>, data: &Path) -> Vec<String> {
    match database {
        Some(url) => of_postgres(url).await,
        None => of_sqlite(&data.join("hub.db")),
    }
}

fn of_sqlite(path: &Path) -> Vec<String> {
    let flags = rusqlite::OpenFlags::default();
    let db = rusqlite::Connection::open_with_flags(path, flags).unwrap();
    let mut tables = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
        .unwrap();
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut cells = Vec::new();
    for table in tables {
        let mut select = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..columns {
                let value: rusqlite::types::Value = row.get(column).unwrap();
                cells.push(format!("{table}: {}", words(value)));
            }
        }
    }
    cells
}

fn words(value: rusqlite::types::Value) -> String {
    match value {
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Blob(bytes) => {
            format!(
                "{} {}",
                hex::encode(&bytes),
                String::from_utf8_lossy(&bytes)
            )
        }
        other => format!("{other:?}"),
    }
}

async fn of_postgres(url: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let tables = "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = 'public'";
    let mut cells = Vec::new();
    for table in client.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let rows = format!("SELECT t::TEXT FROM {table} AS t");
        let rows = client.query(&rows, &[]).await.unwrap();
        let rows = rows.iter().map(|row| row.get::<_, String>(0));
        cells.extend(rows.map(|row| format!("{table}: {row}")));
    }
    drop(client);
    connection.await.unwrap().unwrap();
    cells
}
