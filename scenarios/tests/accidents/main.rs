//! What happened to users of other apps, told again with ours. docs/testing.md lists all of them,
//! and which older test holds those that are not here.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod photos;
mod work;
