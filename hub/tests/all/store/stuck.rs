//! A writer that stands still: it holds a feed's head and does nothing.

use tokio_postgres::{Client, NoTls};

/// The writer.
pub(crate) struct Stuck {
    client: Client,
}

impl Stuck {
    pub(crate) async fn on(database: &str, scope: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(database, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("BEGIN").await.unwrap();
        client
            .execute(
                "SELECT seq
                   FROM feed_heads
                  WHERE scope = $1
                    FOR NO KEY UPDATE",
                &[&scope],
            )
            .await
            .unwrap();
        Self { client }
    }

    /// Gives up.
    pub(crate) async fn end(self) {
        self.client.batch_execute("ROLLBACK").await.unwrap();
    }
}
