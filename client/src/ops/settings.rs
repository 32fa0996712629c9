//! How the app looks.

use shared::ipc::{Area, Changed, SaveSettings, Settings};

use crate::{core::Core, error::Result, store::settings};

/// Saves language, theme, text size.
pub(crate) fn save(core: &Core, args: SaveSettings) -> Result<Settings> {
    core.store
        .write(|tx| settings::put(tx, settings::LOOK, &args.settings))?;
    core.announce(Changed::of([Area::Session]));
    Ok(args.settings)
}
