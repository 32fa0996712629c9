//! `naive_feed`: numbered by a sequence.

use anyhow::Result;
use tokio_postgres::Client;

/// A connection to it.
pub(in crate::race) struct NaiveFeed(Client);

impl NaiveFeed {
    pub(in crate::race) async fn connect(url: &str) -> Result<Self> {
        Ok(Self(super::connect(url).await?))
    }

    pub(in crate::race) async fn create(&self) -> Result<()> {
        self.0
            .batch_execute(
                "CREATE TABLE naive_feed (
                     seq  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                     body TEXT NOT NULL
                 )",
            )
            .await?;
        Ok(())
    }

    /// One document, in a transaction as any other.
    pub(in crate::race) async fn append(&mut self) -> Result<()> {
        let tx = self.0.transaction().await?;
        tx.execute(
            "INSERT INTO naive_feed (body)
             VALUES ('{}')",
            &[],
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// The numbers that come after `seq`.
    pub(in crate::race) async fn after(&self, seq: i64) -> Result<Vec<i64>> {
        let rows = self
            .0
            .query(
                "SELECT seq
                   FROM naive_feed
                  WHERE seq > $1
                  ORDER BY seq
                  LIMIT 500",
                &[&seq],
            )
            .await?;
        rows.iter().map(|row| Ok(row.try_get("seq")?)).collect()
    }
}
