//! `upload_leases`: which hub process writes which photo. A lease that nobody renews ends by
//! itself, so a process that was killed keeps nobody out for long. Time is the database's own:
//! several hubs have several clocks.

use deadpool_postgres::GenericClient;

use super::statement::run;
use crate::store::{Lease, StoreError};

/// Takes the lease, or renews it; `false` while another process has it.
pub(super) async fn take(db: &impl GenericClient, lease: &Lease) -> Result<bool, StoreError> {
    let ms = i64::try_from(lease.life.as_millis()).unwrap_or(i64::MAX);
    let taken = run(
        db,
        "INSERT INTO upload_leases (digest, holder, until)
         VALUES ($1, $2, clock_timestamp() + $3::BIGINT * INTERVAL '1 millisecond')
             ON CONFLICT (digest) DO UPDATE
            SET holder = excluded.holder, until = excluded.until
          WHERE upload_leases.holder = excluded.holder
             OR upload_leases.until < clock_timestamp()",
        &[&lease.digest.as_bytes().as_slice(), &lease.holder, &ms],
    )
    .await?;
    Ok(taken > 0)
}

/// Gives the lease back.
pub(super) async fn give_back(db: &impl GenericClient, lease: &Lease) -> Result<(), StoreError> {
    run(
        db,
        "DELETE FROM upload_leases
          WHERE digest = $1 AND holder = $2",
        &[&lease.digest.as_bytes().as_slice(), &lease.holder],
    )
    .await?;
    Ok(())
}

/// Forgets leases that ended: of processes that were killed.
pub(super) async fn sweep(db: &impl GenericClient) -> Result<(), StoreError> {
    run(
        db,
        "DELETE FROM upload_leases
          WHERE until < clock_timestamp()",
        &[],
    )
    .await?;
    Ok(())
}
