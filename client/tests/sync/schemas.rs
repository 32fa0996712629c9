//! Every request the device sends is one the protocol's schemas permit. The fake hub calls it, so
//! that no test need think of it.

use std::{collections::HashMap, sync::LazyLock};

use jsonschema::Validator;
use serde::Serialize;
use serde_json::{Value, json};

/// The requests a device sends as JSON.
const REQUESTS: [&str; 5] = ["Hello", "Enrol", "Push", "Pull", "Renew"];

static VALIDATORS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    let compile = |name| {
        let mut schema = shared::schema::document();
        schema["$ref"] = json!(format!("#/$defs/{name}"));
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&schema);
        (name, validator.unwrap())
    };
    REQUESTS.into_iter().map(compile).collect()
});

/// Fails the test when the schema of this name does not permit the request.
pub(crate) fn hold<T: Serialize>(name: &str, request: &T) {
    let value = serde_json::to_value(request).unwrap();
    let errors = errors(name, &value);
    assert!(errors.is_empty(), "{name}: {errors}\n{value}");
}

fn errors(name: &str, value: &Value) -> String {
    let errors = VALIDATORS[name].iter_errors(value);
    errors
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect::<Vec<_>>()
        .join("; ")
}

#[test]
fn a_request_the_protocol_does_not_permit_is_noticed() {
    let sent = json!({ "wall": 1, "mono": 1, "boot": "b" });
    let op = |action: Value| {
        json!({
            "op_id": "019dfc1c-5c00-7000-8000-000000000001", "dev_seq": 1, "base_rev": 0,
            "target": { "kind": "case", "id": "019dfc1c-5c00-7000-8000-0000000000aa" },
            "action": action, "observed_at": sent, "scope": "city", "schema": 1,
            "author": { "staff": "S1", "role": "worker" },
        })
    };
    let push = |op: Value| json!({ "sent": sent, "ops": [op] });
    let good = op(json!({ "do": "withdraw", "reason": "好了" }));
    let mut without_id = good.clone();
    without_id.as_object_mut().unwrap().remove("op_id");

    assert_eq!(errors("Push", &push(good)), "");
    for bad in [
        without_id,
        op(json!({ "do": "withdraw" })),
        op(json!({ "do": "fly" })),
        op(json!({ "do": "supplement", "photos": [{}] })),
    ] {
        assert_ne!(errors("Push", &push(bad.clone())), "", "{bad}");
    }
    assert_ne!(errors("Pull", &json!({ "scope": "city" })), "");
}
