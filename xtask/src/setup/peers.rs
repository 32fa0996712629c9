//! The engines of forms that ours is held against: JavaRosa, in the jar that pyxform brings, and
//! npm's `@getodk/xforms-engine`. Pinned, under `target/tools`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    npm,
    root::{root, tools},
    step::{self, program},
};

/// Turns workbooks into XForms for the other two, and brings JavaRosa.
const PYXFORM: &str = "4.5.0";

/// Where the tests and the bench look for them.
pub(crate) fn folder() -> PathBuf {
    tools().join("forms")
}

/// Installs what is missing.
pub(crate) fn ensure() -> Result<()> {
    npm::FORMS.iter().try_for_each(npm::install)?;
    let python = folder().join("python/bin/python");
    let version = "import importlib.metadata as m; print(m.version('pyxform'))";
    let found = step::answer(program(&python).args(["-c", version]));
    if found.as_deref().map(str::trim) != Some(PYXFORM) {
        step::run(
            "making a place for pyxform",
            program("python3")
                .args(["-m", "venv"])
                .arg(folder().join("python")),
        )?;
        step::run(
            &format!("installing pyxform {PYXFORM} by pip"),
            program(&python).args([
                "-m",
                "pip",
                "install",
                "--quiet",
                &format!("pyxform=={PYXFORM}"),
            ]),
        )?;
    }
    java(&python)
}

/// The jar, where its path is known, and our driver, compiled against it.
fn java(python: &PathBuf) -> Result<()> {
    let jar = folder().join("ODK_Validate.jar");
    let inside = "import pathlib, pyxform; print(pathlib.Path(pyxform.__file__).parent)";
    let package =
        step::answer(program(python).args(["-c", inside])).context("pyxform can't be found")?;
    let brought =
        PathBuf::from(package.trim()).join("validators/odk_validate/bin/ODK_Validate.jar");
    let size = |path: &PathBuf| fs::metadata(path).map(|file| file.len()).ok();
    if size(&jar) != size(&brought) {
        fs::copy(&brought, &jar).with_context(|| format!("copying {}", brought.display()))?;
    }
    let source = root().join("forms/peers/JavaRosa.java");
    let compiled = folder().join("JavaRosa.java");
    let classes = folder().join("classes");
    // What was compiled is kept beside its source, so that a change is noticed.
    if fs::read(&compiled).ok() == fs::read(&source).ok()
        && classes.join("JavaRosa.class").is_file()
    {
        return Ok(());
    }
    step::run(
        "compiling the driver of JavaRosa",
        program("javac")
            .arg("-cp")
            .arg(&jar)
            .arg("-d")
            .arg(&classes)
            .arg(&source),
    )?;
    fs::copy(&source, &compiled)?;
    Ok(())
}
