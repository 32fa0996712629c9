//! One direction of one connection.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{
    ledger::Page,
    line::Direction,
    outage::{Counted, Standing},
};

/// Pieces on the way.
const ON_THE_WAY: usize = 256;

/// One direction of a connection.
pub(super) struct Lane<'a> {
    pub(super) direction: &'a Direction,
    pub(super) counted: Counted,
    pub(super) outage: Standing,
    pub(super) page: Page,
}

/// What is left of it.
pub(super) struct Ends {
    pub(super) from: OwnedReadHalf,
    pub(super) to: OwnedWriteHalf,
    pub(super) were_cut: bool,
    counted: Counted,
    outage: Standing,
    page: Page,
}

impl Lane<'_> {
    /// Carries until one end closes or the link breaks. What came over by then arrives; what was
    /// still on a slow way does not.
    pub(super) async fn carry(self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> Ends {
        let (send, arrive) = mpsc::channel(ON_THE_WAY);
        let taken = async {
            tokio::select! {
                () = self.take(&mut from, send) => {}
                () = self.outage.breaks() => {}
            }
        };
        let ((), ()) = tokio::join!(taken, self.give(&mut to, arrive));
        let were_cut = self.outage.is_broken();
        if !were_cut {
            // The other end is told that nothing more comes; a failure means it is gone.
            drop(to.shutdown().await);
        }
        Ends {
            from,
            to,
            were_cut,
            counted: self.counted,
            outage: self.outage,
            page: self.page,
        }
    }

    async fn take(&self, from: &mut OwnedReadHalf, send: mpsc::Sender<(Option<Instant>, Vec<u8>)>) {
        let mut buffer = vec![0; 16 * 1024];
        if self.counted == Counted::Up
            && let Some(handshake) = self.direction.handshake()
        {
            tokio::time::sleep(handshake).await;
        }
        loop {
            let most = self.direction.piece().min(buffer.len());
            let Ok(read @ 1..) = from.read(buffer.get_mut(..most).unwrap_or_default()).await else {
                return;
            };
            let passed = self.outage.pass(self.counted, read);
            let all = buffer.get(..read).unwrap_or_default();
            self.page.carried(self.counted, all, passed);
            // What did not come over was on the way already.
            self.outage.vanished(read - passed);
            let piece = buffer.get(..passed).unwrap_or_default().to_vec();
            let scheduled = self.direction.schedule(passed);
            if send
                .send((scheduled.map(|(_, arrives)| arrives), piece))
                .await
                .is_err()
                || passed < read
            {
                return;
            }
            if let Some((left, _)) = scheduled {
                sleep_until(left).await;
            }
        }
    }

    async fn give(
        &self,
        to: &mut OwnedWriteHalf,
        mut arrive: mpsc::Receiver<(Option<Instant>, Vec<u8>)>,
    ) {
        while let Some((at, piece)) = arrive.recv().await {
            if let Some(at) = at {
                tokio::select! {
                    () = sleep_until(at) => {}
                    () = self.outage.breaks() => return,
                }
            }
            if to.write_all(&piece).await.is_err() {
                return;
            }
        }
    }
}

impl Ends {
    /// Takes what still comes, and counts it as lost.
    pub(super) async fn vanish(&mut self) {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(read @ 1..) = self.from.read(&mut buffer).await {
            self.outage.vanished(read);
            let all = buffer.get(..read).unwrap_or_default();
            self.page.carried(self.counted, all, 0);
        }
    }
}
