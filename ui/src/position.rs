//! Where the device is, asked once. Never waits longer than eight seconds, never fails: whoever
//! knows nothing answers with nothing, and the core says so.

use std::{cell::RefCell, rc::Rc, time::Duration};

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::PositionOptions;

/// How long the device may take.
const PATIENCE_MS: u32 = 8_000;

/// Longitude, latitude, accuracy in metres, as the webview gives them.
pub(crate) type Fix = (Option<f64>, Option<f64>, Option<f64>);

/// Asks the device where it is.
pub(crate) async fn ask() -> Fix {
    match JsFuture::from(Promise::new(&mut |resolve, _| begin(&resolve))).await {
        Ok(answer) => read(&answer),
        Err(_) => (None, None, None),
    }
}

/// Calls `resolve` with the position, or with nothing. Calling it twice does no harm.
fn begin(resolve: &Function) {
    let tell = resolve.clone();
    let give = move |answer: JsValue| drop(tell.call1(&JsValue::NULL, &answer));
    let give_up = give.clone();
    // Some webviews neither answer nor keep to the time given them.
    let patience = Duration::from_millis(u64::from(PATIENCE_MS) + 500);
    set_timeout(move || give_up(JsValue::NULL), patience);
    if request(give.clone()).is_none() {
        give(JsValue::NULL);
    }
}

fn request(give: impl Fn(JsValue) + Clone + 'static) -> Option<()> {
    let geolocation = window().navigator().geolocation().ok()?;
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(PATIENCE_MS);
    options.set_maximum_age(30_000);
    // Exactly one of both is called, once; each keeps the other alive until then.
    let held = Rc::new(RefCell::new(None::<[Closure<dyn FnMut(JsValue)>; 2]>));
    let callback = |give: Box<dyn Fn(JsValue)>| {
        let held = Rc::clone(&held);
        Closure::<dyn FnMut(JsValue)>::new(move |answer| {
            give(answer);
            let done = Rc::clone(&held);
            set_timeout(move || drop(done.take()), Duration::ZERO);
        })
    };
    let found = callback(Box::new(give.clone()));
    let failed = callback(Box::new(move |_| give(JsValue::NULL)));
    let asked = geolocation.get_current_position_with_error_callback_and_options(
        found.as_ref().unchecked_ref(),
        Some(failed.as_ref().unchecked_ref()),
        &options,
    );
    held.replace(Some([found, failed]));
    asked.ok()
}

/// Reads a `GeolocationPosition`; whatever it is not, nothing comes out of it.
fn read(answer: &JsValue) -> Fix {
    let get =
        |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let at = get(answer, "coords");
    let number = |name| get(&at, name).as_f64();
    (number("longitude"), number("latitude"), number("accuracy"))
}
