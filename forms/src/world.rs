//! What the engine may know of the world outside the form.

use crate::civil::Moment;

/// The clock, chance and what is known of the person, brought by whoever runs a session.
pub trait World {
    /// Now, on the wall clock of the place.
    fn now(&self) -> Moment;
    /// At least 0 and less than 1.
    fn random(&self) -> f64;
    /// A random UUID of version 4, hyphenated.
    fn uuid(&self) -> String;
    /// What is known under a name like `deviceid`, `username`, `phonenumber` or `email`.
    fn property(&self, name: &str) -> Option<String>;
}
