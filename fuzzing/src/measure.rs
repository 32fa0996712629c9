//! What something costs: time, and memory that Rust code asks for.
#![expect(unsafe_code, reason = "an allocator can't be watched otherwise")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Instant,
};

/// What one input may cost, in a developer's build on a busy machine; and what it did.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// Milliseconds.
    pub ms: u128,
    /// Bytes of Rust's memory, at the most at once.
    pub bytes: usize,
}

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn took(bytes: usize) {
    let now = NOW.fetch_add(bytes, Relaxed).wrapping_add(bytes);
    MOST.fetch_max(now, Relaxed);
}

// SAFETY: everything is the system's allocator's; this only counts beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: the caller's promises are those the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        took(new_size);
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(ptr, layout, new_size) }
    }
}

/// What this costs.
#[expect(clippy::disallowed_methods, reason = "how long it took is measured")]
pub(crate) fn measured(work: impl FnOnce()) -> Bound {
    let before = NOW.load(Relaxed);
    MOST.store(before, Relaxed);
    let begun = Instant::now();
    work();
    Bound {
        ms: begun.elapsed().as_millis(),
        bytes: MOST.load(Relaxed).saturating_sub(before),
    }
}
