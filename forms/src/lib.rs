//! The engine of forms: what an XLSForm says, as a definition; a definition, as a program; a
//! program with answers, as a session. Pure: bytes and answers in, values out. Whoever calls it
//! saves, shows and sends; today's date, chance and what is known of the person come through
//! [`World`]. How it is meant is told in `docs/forms.md`.

mod arena;
pub mod civil;
pub mod definition;
mod eval;
mod functions;
pub mod program;
pub mod session;
pub mod sheet;
pub mod table;
mod world;
pub mod xlsform;
pub mod xpath;

pub use definition::Form;
pub use eval::Fault;
pub use program::{Beside, Program};
pub use session::Session;
pub use table::Table;
pub use world::World;
