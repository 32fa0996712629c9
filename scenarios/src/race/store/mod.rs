//! The control's table, and the server's own figures. SQL stands only in folders of this name.

mod naive_feed;

use anyhow::Result;
use tokio_postgres::{Client, NoTls};

pub(super) use naive_feed::NaiveFeed;

/// A connection of one's own.
async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // Ends with the client.
    tokio::spawn(connection);
    Ok(client)
}

/// How often the server had to end a transaction because several waited in a circle.
pub(super) async fn deadlocks(url: &str) -> Result<i64> {
    let row = connect(url)
        .await?
        .query_one(
            "SELECT deadlocks
               FROM pg_stat_database
              WHERE datname = current_database()",
            &[],
        )
        .await?;
    Ok(row.try_get("deadlocks")?)
}
