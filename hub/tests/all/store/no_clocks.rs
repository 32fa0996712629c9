//! A database where nothing can be noted of clocks any more.

use crate::world::World;

const DROP: &str = "DROP TABLE device_clocks";

pub(crate) async fn drop_clocks(world: &World) {
    let Some(database) = world.database() else {
        let path = world.data().join("hub.db");
        let db = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::default());
        db.unwrap().execute_batch(DROP).unwrap();
        return;
    };
    let (client, connection) = tokio_postgres::connect(database, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.batch_execute(DROP).await.unwrap();
}
