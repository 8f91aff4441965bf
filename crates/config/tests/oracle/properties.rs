//! Properties files and environment variables, as Java and the container image read them.

use klamm_config::Properties;
use klamm_config::properties::ProcessSurroundings;
use serde_json::{Value, json};

use crate::jvm;
use crate::layered::Random;

/// A random file of characters that mean something in the syntax, and some that do not.
fn random_file(random: &mut Random) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ab=: \t\x0c\n\r\\#!u0041tnrf\xe9\xc3,";
    (0..random.below(60)).map(|_| ALPHABET[random.below(ALPHABET.len())]).collect()
}

fn as_object(properties: &Properties) -> Value {
    Value::Object(properties.iter().map(|(key, value)| (key.to_owned(), value.into())).collect())
}

/// Exception: a last line of nothing but a backslash makes an empty key in Java.
fn without_empty_key(mut object: Value, bytes: &[u8]) -> Value {
    let text = bytes.strip_suffix(b"\n").or_else(|| bytes.strip_suffix(b"\r")).unwrap_or(bytes);
    if text.ends_with(b"\\") {
        object.as_object_mut().unwrap().remove("");
    }
    object
}

#[test]
fn files_are_read_as_by_java() {
    let mut random = Random(9);
    let mut files: Vec<Vec<u8>> = (0..20_000).map(|_| random_file(&mut random)).collect();
    files.extend([b"k=\\u00e9\\ud83d\\ude00".to_vec(), b"k=v\\".to_vec(), b"\\\nk=v".to_vec()]);
    let questions: Vec<Value> =
        files.iter().map(|bytes| json!({"ask": "properties", "bytes": bytes})).collect();
    let mut differences = Vec::new();
    for (bytes, theirs) in files.iter().zip(jvm::ask(&questions)) {
        let agrees = match (Properties::from_file(bytes), jvm::refusal(&theirs)) {
            (Err(error), Some(words)) => error.to_string() == words,
            (Ok(ours), None) => {
                without_empty_key(as_object(&ours), bytes) == without_empty_key(theirs.clone(), bytes)
            }
            (Ok(_), Some(_)) | (Err(_), None) => false,
        };
        if !agrees {
            let ours = Properties::from_file(bytes).map(|ours| as_object(&ours));
            differences
                .push(format!("{:?}\n  ours   {ours:?}\n  javas  {theirs}", String::from_utf8_lossy(bytes)));
        }
    }
    jvm::report("properties files", questions.len(), &differences);
}

#[test]
fn variables_are_read_as_by_the_container_image() {
    let variables = [
        ("KAFKA_LOG_DIRS", "/a,/b"),
        ("KAFKA_LISTENER_NAME_X_SCRAM___SHA___256_SASL_JAAS_CONFIG", "a \"b\"\\tc;"),
        ("KAFKA_A__B_C", "  x  "),
        ("KAFKA_", "x"),
        ("KAFKA_X____Y", "1"),
        ("KAFKA_X_____Y", "1"),
        ("KAFKA_TWO", "a\nthree=b"),
        ("KAFKA_OPTS", "-X"),
        ("KAFKA_JMX_HOSTNAME", "h"),
        ("KAFKA_JMX_PORT", "1"),
        ("KAFKA_KAFKA_X", "1"),
        ("PATH", "/bin"),
    ];
    let questions: Vec<Value> = variables
        .iter()
        .map(|(name, value)| json!({"ask": "environment", "variables": {*name: value}}))
        .collect();
    let mut differences = Vec::new();
    for (variable, theirs) in variables.iter().zip(jvm::ask(&questions)) {
        let mut ours = Properties::new();
        ours.apply_environment([*variable]).unwrap();
        if as_object(&ours) != theirs {
            differences.push(format!("{variable:?}: ours {}, the image's {theirs}", as_object(&ours)));
        }
    }
    jvm::report("environment variables", questions.len(), &differences);
}

#[test]
fn variables_in_values_are_replaced_as_by_kafka() {
    let dir = tempfile::tempdir().unwrap();
    let (file, secret) = (dir.path().join("all.properties"), dir.path().join("secret"));
    std::fs::write(&file, "rack=r\\u00e9d\nrack = blue\nodd:key=x\n").unwrap();
    std::fs::write(&secret, "s\u{e9}cret\n").unwrap();
    let path = dir.path().display().to_string();
    let values = [
        "${file:PATH/all.properties:rack}",
        "a${file:PATH/all.properties:rack}b${file:PATH/all.properties:rack}",
        "${file:PATH/all.properties:none}",
        "${file:PATH/none:rack}",
        "${file:PATH/all.properties:odd}",
        "${file:rack}",
        "${dir:PATH:secret}",
        "${dir:PATH/secret:secret}",
        "${dir:PATH:none}",
        "${dir:PATH:sub/secret}",
        "${env:PATH}",
        "${env:NO_SUCH_VARIABLE}",
        "${env:p:PATH}",
        "${none:a:b}",
        "${a}${file:PATH/all.properties:rack}",
        "${a${file:PATH/all.properties:rack}}",
        "${file:PATH/all.properties:rack",
        "$${file:PATH/all.properties:rack}}",
    ];
    let package = "org.apache.kafka.common.config.provider";
    let settings = |value: &str| {
        let mut settings: Vec<(String, String)> = [
            ("config.providers", "file,dir,env".to_owned()),
            ("config.providers.file.class", format!("{package}.FileConfigProvider")),
            ("config.providers.dir.class", format!("{package}.DirectoryConfigProvider")),
            ("config.providers.env.class", format!("{package}.EnvVarConfigProvider")),
            (
                "broker.rack",
                value.replace("PATH/", &format!("{path}/")).replace("PATH:", &format!("{path}:")),
            ),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
        settings.extend(
            crate::cases::node_base("broker").into_iter().map(|(key, value)| (key.into(), value.into())),
        );
        Properties::from_iter(settings)
    };
    let empty = json!({});
    let question = |value: &&str| json!({"ask": "layers", "settings": as_object(&settings(value)), "cluster": empty, "broker": empty, "topic": empty});
    let questions: Vec<Value> = values.iter().map(question).collect();
    let mut differences = Vec::new();
    for (value, theirs) in values.iter().zip(jvm::ask(&questions)) {
        let mut ours = settings(value);
        let ours = ours
            .resolve_variables(&ProcessSurroundings)
            .map(|()| ours.get("broker.rack").unwrap().trim().to_owned());
        let theirs = match jvm::refusal(&theirs) {
            Some(words) => Err(words.to_owned()),
            None => Ok(theirs["values"]["broker.rack"].as_str().unwrap().to_owned()),
        };
        if ours.as_ref().map_err(ToString::to_string) != theirs.as_ref().map_err(Clone::clone) {
            differences.push(format!("{value}\n  ours   {ours:?}\n  kafkas {theirs:?}"));
        }
    }
    jvm::report("variables", questions.len(), &differences);
}
