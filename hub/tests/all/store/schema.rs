//! The schema's version, as another program would have left it.

pub(crate) async fn set_version(database: &str, version: i64) {
    let db = connect(database).await;
    db.execute(
        "UPDATE gridwalker_schema
            SET version = $1",
        &[&version],
    )
    .await
    .unwrap();
}

pub(crate) async fn version(database: &str) -> i64 {
    let db = connect(database).await;
    let row = db
        .query_one(
            "SELECT version
               FROM gridwalker_schema",
            &[],
        )
        .await
        .unwrap();
    row.get("version")
}

async fn connect(database: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(database, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
}
