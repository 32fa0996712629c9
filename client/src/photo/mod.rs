//! Photos: from a camera's file to two small JPEGs without metadata ([`prepare`]), and where they
//! lie, encrypted, on the device ([`Vault`]). Blocking; callers bring their own thread.
//! Which case a photo belongs to is `ops`' matter.

mod encode;
mod exif;
mod grey;
mod header;
mod jpeg;
mod picture;
mod prepare;
mod raster;
#[cfg(feature = "faults")]
pub(crate) mod remembered;
mod upright;
mod vault;

#[cfg(test)]
mod tests;

pub use encode::{Encoded, digest_of};
pub use exif::TakenAt;
pub(crate) use grey::Grey;
pub use prepare::{Prepared, prepare};
pub use vault::{Vault, VaultError};
