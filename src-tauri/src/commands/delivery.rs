//! 都送到了吗, and the sync.

super::commands! {
    get_delivery(GetDelivery);
    get_sync_status(GetSyncStatus);
    sync_now(SyncNow);
    network_is_back(NetworkIsBack);
}
