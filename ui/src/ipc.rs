//! The only door to the core: commands go in, answers and two events come out.
//!
//! Values are read from the script's own objects, without text in between. 64-bit numbers pass as
//! long as they are exact in a script (2^53: 285,000 years of milliseconds); they may not stand
//! inside an enum that serde reads by buffering (`tag`, `untagged`, `flatten`).

use js_sys::{Function, Object, Promise, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use shared::ipc::{Code, Command, IpcError};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Calls a command of the core.
pub(crate) async fn call<C: Command>(args: C) -> Result<C::Answer, IpcError> {
    let payload = Object::new();
    set(&payload, "args", &to_js(&args)?)?;
    match invoke(C::NAME, &payload).await {
        Ok(answer) => from_js(answer),
        Err(error) => {
            Err(from_js(error).unwrap_or_else(|_: IpcError| internal("the core gave no reason")))
        }
    }
}

/// Calls `heard` whenever the core emits the event, as long as the page lives.
pub(crate) async fn listen<T: DeserializeOwned + 'static>(
    event: &str,
    heard: impl Fn(T) + 'static,
) -> Result<(), IpcError> {
    let callback = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
        let payload = Reflect::get(&message, &"payload".into()).unwrap_or(JsValue::NULL);
        if let Ok(payload) = from_js(payload) {
            heard(payload);
        }
    });
    let core = core()?;
    let handler = method(&core, "transformCallback")?
        .call1(&core, &callback.into_js_value())
        .map_err(|_cause| internal("the core takes no callbacks"))?;
    let target = Object::new();
    set(&target, "kind", &"Any".into())?;
    let payload = Object::new();
    set(&payload, "event", &event.into())?;
    set(&payload, "target", &target)?;
    set(&payload, "handler", &handler)?;
    match invoke("plugin:event|listen", &payload).await {
        Ok(_) => Ok(()),
        Err(_) => Err(internal("the core does not tell events")),
    }
}

/// Runs a command of the core; what it throws is left to the caller.
async fn invoke(name: &str, payload: &Object) -> Result<JsValue, JsValue> {
    let core = core().map_err(|_cause| JsValue::NULL)?;
    let invoke = method(&core, "invoke").map_err(|_cause| JsValue::NULL)?;
    let promise = invoke.call2(&core, &name.into(), payload)?;
    JsFuture::from(promise.dyn_into::<Promise>()?).await
}

/// What the shell puts into the window.
fn core() -> Result<JsValue, IpcError> {
    Reflect::get(&js_sys::global(), &"__TAURI_INTERNALS__".into())
        .ok()
        .filter(JsValue::is_object)
        .ok_or_else(|| internal("the page runs outside the app"))
}

fn method(of: &JsValue, name: &str) -> Result<Function, IpcError> {
    Reflect::get(of, &name.into())
        .ok()
        .and_then(|it| it.dyn_into().ok())
        .ok_or_else(|| internal("the page runs outside the app"))
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), IpcError> {
    Reflect::set(object, &name.into(), value)
        .map(drop)
        .map_err(|_cause| internal("a value can't be passed"))
}

fn to_js(value: &impl Serialize) -> Result<JsValue, IpcError> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|_cause| internal("a request can't be written"))
}

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T, IpcError> {
    serde_wasm_bindgen::from_value(value).map_err(|_cause| internal("an answer can't be read"))
}

/// A mistake of ours. Causes are left out: what JSON says of a value may quote what a person wrote.
pub(crate) fn internal(detail: &str) -> IpcError {
    IpcError {
        code: Code::Internal,
        detail: detail.to_owned(),
    }
}
