//! Places, lines and areas (ODK XForms, "Geographic Functions"). A place is `latitude longitude
//! altitude accuracy`; lines and areas are places with `;` between. The earth is a ball of
//! JavaRosa's radius, so that figures are the same in both.

use super::at;
use crate::{
    eval::{Fault, Scope, Value},
    program::expr::Expr,
};

const EARTH_RADIUS_M: f64 = 6_378_100.0;

struct Place {
    latitude: f64,
    longitude: f64,
}

/// ODK XForms, `area`, in square metres: the polygon laid flat around its first place.
pub(super) fn area(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let places = places(scope, at(arguments, 0))?;
    let Some((first, rest)) = places.split_first() else {
        return Ok(Value::Number(0.0));
    };
    let degree_m = EARTH_RADIUS_M * std::f64::consts::TAU / 360.0;
    let flat: Vec<(f64, f64)> = rest
        .iter()
        .map(|place| {
            let narrowed = place.latitude.to_radians().cos();
            (
                (place.longitude - first.longitude) * degree_m * narrowed,
                (place.latitude - first.latitude) * degree_m,
            )
        })
        .collect();
    let triangles = flat
        .iter()
        .zip(flat.iter().skip(1))
        .map(|((x1, y1), (x2, y2))| (y1 * x2 - x1 * y2) / 2.0);
    Ok(Value::Number(
        triangles.fold(0.0, |sum, triangle| sum + triangle).abs(),
    ))
}

/// ODK XForms, `distance`, in metres along the places, by the law of cosines on a ball.
pub(super) fn distance(scope: &Scope<'_>, arguments: &[Expr]) -> Result<Value, Fault> {
    let places = places(scope, at(arguments, 0))?;
    let legs = places
        .iter()
        .zip(places.iter().skip(1))
        .map(|(one, other)| {
            let (from, to) = (one.latitude.to_radians(), other.latitude.to_radians());
            let turn = (one.longitude - other.longitude).to_radians();
            let cosine = from.sin() * to.sin() + from.cos() * to.cos() * turn.cos();
            // A place and itself: rounding may lead beyond 1.
            cosine.min(1.0).acos() * EARTH_RADIUS_M
        });
    Ok(Value::Number(legs.fold(0.0, |sum, leg| sum + leg)))
}

fn places(scope: &Scope<'_>, argument: &Expr) -> Result<Vec<Place>, Fault> {
    let texts: Vec<String> = match scope.eval(argument)? {
        Value::Nodes(nodes) => nodes
            .iter()
            .map(|node| scope.says(*node).to_owned())
            .collect(),
        value => vec![scope.text_of(&value)],
    };
    let mut places = Vec::new();
    for text in texts
        .iter()
        .flat_map(|text| text.split(';'))
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        places.push(place(text).ok_or_else(|| Fault::NoPlace(text.to_owned()))?);
    }
    Ok(places)
}

fn place(text: &str) -> Option<Place> {
    let mut numbers = text
        .split_whitespace()
        .map(|number| number.parse::<f64>().ok().filter(|n| n.is_finite()));
    Some(Place {
        latitude: numbers.next()??,
        longitude: numbers.next()??,
    })
}
