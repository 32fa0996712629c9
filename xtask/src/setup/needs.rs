//! The system packages, why they are needed, and how to notice them on any Linux.

use std::{fmt, path::Path};

use anyhow::{Result, bail};

use crate::step::{self, program};

/// What a command needs is asked for by group, so that nothing else is installed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Group {
    /// To compile app, hub and page.
    Build,
    /// To check the code: formatter and lints.
    Check,
    /// To show the app without a screen, and to drive it.
    Window,
    /// To compare our pictures with those of others.
    Bench,
}

impl Group {
    /// A group by its name on the command line.
    pub(super) fn parse(name: &str) -> Result<Self> {
        Ok(match name {
            "build" => Self::Build,
            "check" => Self::Check,
            "window" => Self::Window,
            "bench" => Self::Bench,
            _ => bail!("there is no group `{name}`; these are: build, check, window, bench"),
        })
    }
}

/// One package.
#[derive(Clone, Copy)]
pub(super) struct Need {
    pub(super) debian: &'static str,
    fedora: &'static str,
    group: Group,
    sign: Sign,
}

/// How to notice that it is there, whoever installed it.
#[derive(Clone, Copy)]
enum Sign {
    Program(&'static str),
    Library(&'static str),
    File(&'static str),
    ChineseFont,
}

const fn need(group: Group, debian: &'static str, fedora: &'static str, sign: Sign) -> Need {
    Need {
        debian,
        fedora,
        group,
        sign,
    }
}

const NEEDS: [Need; 14] = [
    need(
        Group::Build,
        "build-essential",
        "gcc-c++ make perl",
        Sign::Program("cc"),
    ),
    need(
        Group::Build,
        "pkg-config",
        "pkgconf",
        Sign::Program("pkg-config"),
    ),
    need(
        Group::Build,
        "libwebkit2gtk-4.1-dev",
        "webkit2gtk4.1-devel",
        Sign::Library("webkit2gtk-4.1"),
    ),
    need(
        Group::Build,
        "librsvg2-dev",
        "librsvg2-devel",
        Sign::Library("librsvg-2.0"),
    ),
    need(
        Group::Build,
        "libxdo-dev",
        "libxdo-devel",
        Sign::File("/usr/include/xdo.h"),
    ),
    need(
        Group::Build,
        "libayatana-appindicator3-dev",
        "libayatana-appindicator-gtk3-devel",
        Sign::Library("ayatana-appindicator3-0.1"),
    ),
    need(
        Group::Build,
        "libssl-dev",
        "openssl-devel",
        Sign::Library("openssl"),
    ),
    need(
        Group::Window,
        "webkit2gtk-driver",
        "webkitgtk-webdriver",
        Sign::Program("WebKitWebDriver"),
    ),
    need(
        Group::Window,
        "xvfb",
        "xorg-x11-server-Xvfb",
        Sign::Program("Xvfb"),
    ),
    need(
        Group::Window,
        "dbus-x11",
        "dbus-x11",
        Sign::Program("dbus-launch"),
    ),
    need(
        Group::Window,
        "fonts-noto-cjk",
        "google-noto-sans-cjk-fonts",
        Sign::ChineseFont,
    ),
    need(
        Group::Window,
        "imagemagick",
        "ImageMagick",
        Sign::Program("import"),
    ),
    need(
        Group::Bench,
        "libvips-tools",
        "vips-tools",
        Sign::Program("vipsthumbnail"),
    ),
    need(Group::Bench, "npm", "nodejs-npm", Sign::Program("npm")),
];

/// What these groups need.
pub(super) fn of(groups: &[Group]) -> Vec<Need> {
    NEEDS
        .into_iter()
        .filter(|need| groups.contains(&need.group))
        .collect()
}

impl Need {
    /// Whether a program came some other way than by its package, as npm often does.
    pub(super) fn is_met_otherwise(&self) -> bool {
        matches!(self.sign, Sign::Program(_)) && self.is_met()
    }

    /// Whether its sign can be seen.
    pub(super) fn is_met(&self) -> bool {
        match self.sign {
            Sign::Program(name) => step::find(name).is_some(),
            Sign::Library(name) => {
                step::answer(program("pkg-config").args(["--exists", name])).is_some()
            }
            Sign::File(path) => Path::new(path).exists(),
            Sign::ChineseFont => step::answer(program("fc-list").arg(":lang=zh"))
                .is_some_and(|fonts| !fonts.trim().is_empty()),
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} (Fedora: {}; for: {:?})",
            self.debian, self.fedora, self.group
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, of};

    #[test]
    fn a_command_is_asked_only_for_what_its_groups_need() {
        let names: Vec<_> = of(&[Group::Window])
            .iter()
            .map(|need| need.debian)
            .collect();

        assert!(names.contains(&"xvfb"), "{names:?}");
        assert!(
            !names.contains(&"libvips-tools"),
            "only `bench` compares with others"
        );
    }
}
