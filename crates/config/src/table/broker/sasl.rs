//! Broker keys of SASL logins and delegation tokens.

use crate::key::{ConfigKey, Kind, boolean, class, double, int, keys, list, long, short, string, unset};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "delegation.token.expiry.check.interval.ms": long(3_600_000).at_least(1).low() =>
        "Pause in milliseconds between two searches for expired delegation tokens.";
    "delegation.token.expiry.time.ms": long(86_400_000).at_least(1) =>
        "Milliseconds that a delegation token is valid before it needs renewal.";
    "delegation.token.max.lifetime.ms": long(604_800_000).at_least(1) =>
        "Milliseconds after which a delegation token cannot be renewed any more.";
    "delegation.token.secret.key": unset(Kind::Password) =>
        "Secret from which delegation tokens are made; the same on all nodes. Unset turns delegation \
         tokens off.";
    "sasl.client.callback.handler.class": unset(Kind::Class) =>
        "Java class that answers the questions of a SASL client.";
    "sasl.enabled.mechanisms": list("GSSAPI").items(&[], Empty::Allowed).per_broker() =>
        "SASL mechanisms that clients may log in with, such as `SCRAM-SHA-512` or `PLAIN`; best set per \
         listener.";
    "sasl.jaas.config": unset(Kind::Password).per_broker() =>
        "Login module and its options as one line of JAAS text. On a broker it is set per listener and \
         mechanism, as in `listener.name.NAME.scram-sha-256.sasl.jaas.config`.";
    "sasl.kerberos.kinit.cmd": string("/usr/bin/kinit").per_broker() =>
        "Path of the `kinit` program.";
    "sasl.kerberos.min.time.before.relogin": long(60_000).per_broker() =>
        "Milliseconds between two tries to renew a Kerberos ticket.";
    "sasl.kerberos.principal.to.local.rules": list("DEFAULT").items(&[], Empty::Allowed).per_broker() =>
        "Rules that turn a Kerberos principal into a user name; the first that fits wins, `DEFAULT` takes \
         the primary name.";
    "sasl.kerberos.service.name": unset(Kind::String).per_broker() =>
        "Kerberos name under which the brokers run.";
    "sasl.kerberos.ticket.renew.jitter": double(0.05).per_broker() =>
        "Random share added to the moment a Kerberos ticket is renewed.";
    "sasl.kerberos.ticket.renew.window.factor": double(0.8).per_broker() =>
        "Share of a Kerberos ticket's lifetime after which it is renewed.";
    "sasl.login.callback.handler.class": unset(Kind::Class) =>
        "Java class that gives a login its credentials; set per listener and mechanism.";
    "sasl.login.class": unset(Kind::Class) =>
        "Java class that performs a login.";
    "sasl.login.connect.timeout.ms": unset(Kind::Int).low() =>
        "Milliseconds that connecting to an OAuth provider may take.";
    "sasl.login.read.timeout.ms": unset(Kind::Int).low() =>
        "Milliseconds that an answer of an OAuth provider may take.";
    "sasl.login.refresh.buffer.seconds": short(300).per_broker() =>
        "Seconds before a token's end by which it is renewed if possible, 0 to 3600.";
    "sasl.login.refresh.min.period.seconds": short(60).per_broker() =>
        "Least seconds between two renewals of a token, 0 to 900.";
    "sasl.login.refresh.window.factor": double(0.8).per_broker() =>
        "Share of a token's lifetime, 0.5 to 1, after which a new one is fetched.";
    "sasl.login.refresh.window.jitter": double(0.05).per_broker() =>
        "Random share of a token's lifetime, 0 to 0.25, added to the moment of renewal.";
    "sasl.login.retry.backoff.max.ms": long(10_000).low() =>
        "Upper bound in milliseconds of the pause before a failed request to an OAuth provider is \
         repeated.";
    "sasl.login.retry.backoff.ms": long(100).low() =>
        "First pause in milliseconds before a failed request to an OAuth provider is repeated; it doubles \
         each time.";
    "sasl.mechanism.controller.protocol": string("GSSAPI").high() =>
        "SASL mechanism with which nodes log in to controllers.";
    "sasl.mechanism.inter.broker.protocol": string("GSSAPI").per_broker() =>
        "SASL mechanism with which brokers log in to each other; must be among the enabled ones.";
    "sasl.oauthbearer.allow.unverified.audience": boolean(false) =>
        "Whether tokens are accepted although no expected audience is set.";
    "sasl.oauthbearer.allow.unverified.issuer": boolean(false) =>
        "Whether tokens are accepted although no expected issuer is set.";
    "sasl.oauthbearer.assertion.algorithm": string("RS256").one_of_any_case(&["ES256", "RS256"]) =>
        "Algorithm with which assertions are signed: `RS256` or `ES256`.";
    "sasl.oauthbearer.assertion.claim.aud": unset(Kind::String) =>
        "Audience that an assertion names.";
    "sasl.oauthbearer.assertion.claim.exp.seconds": int(300).between(0, 86_400).low() =>
        "Seconds that an assertion stays valid, up to one day.";
    "sasl.oauthbearer.assertion.claim.iss": unset(Kind::String) =>
        "Issuer that an assertion names.";
    "sasl.oauthbearer.assertion.claim.jti.include": boolean(false) =>
        "Whether an assertion carries a unique id.";
    "sasl.oauthbearer.assertion.claim.nbf.seconds": int(60).between(0, 3600).low() =>
        "Seconds before its making from which an assertion is valid, up to one hour.";
    "sasl.oauthbearer.assertion.claim.sub": unset(Kind::String) =>
        "Subject that an assertion names.";
    "sasl.oauthbearer.assertion.file": unset(Kind::String) =>
        "Path of a ready-made assertion, read anew when it changes.";
    "sasl.oauthbearer.assertion.private.key.file": unset(Kind::String) =>
        "Path of the PEM key that signs assertions.";
    "sasl.oauthbearer.assertion.private.key.passphrase": unset(Kind::Password) =>
        "Password of the key that signs assertions.";
    "sasl.oauthbearer.assertion.template.file": unset(Kind::String) =>
        "Path of a JSON file with further claims and header fields of assertions.";
    "sasl.oauthbearer.client.credentials.client.id": unset(Kind::String) =>
        "Client id with which a token is fetched by client credentials.";
    "sasl.oauthbearer.client.credentials.client.secret": unset(Kind::Password) =>
        "Client secret with which a token is fetched by client credentials.";
    "sasl.oauthbearer.clock.skew.seconds": int(30).low() =>
        "Seconds by which the clocks of the token's issuer and the broker may differ.";
    "sasl.oauthbearer.expected.audience": list("").items(&[], Empty::Allowed).high() =>
        "Audiences, of which a token must name one.";
    "sasl.oauthbearer.expected.issuer": unset(Kind::String).high() =>
        "Issuer that a token must name.";
    "sasl.oauthbearer.jwks.endpoint.refresh.ms": long(3_600_000).low() =>
        "Milliseconds between two fetches of the signing keys.";
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms": long(10_000).low() =>
        "Upper bound in milliseconds of the pause before a failed fetch of the signing keys is repeated.";
    "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms": long(100).low() =>
        "First pause in milliseconds before a failed fetch of the signing keys is repeated.";
    "sasl.oauthbearer.jwks.endpoint.url": unset(Kind::String) =>
        "Address of the keys that sign tokens; it must be on the list of allowed addresses.";
    "sasl.oauthbearer.jwt.retriever.class": class("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever") =>
        "Java class that fetches tokens.";
    "sasl.oauthbearer.jwt.validator.class": class("org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator") =>
        "Java class that checks tokens.";
    "sasl.oauthbearer.scope": unset(Kind::String) =>
        "Scope that is asked for when a token is fetched.";
    "sasl.oauthbearer.scope.claim.name": string("scope").low() =>
        "Name of the claim that holds a token's scopes.";
    "sasl.oauthbearer.sub.claim.name": string("sub").low() =>
        "Name of the claim that holds the user's name.";
    "sasl.oauthbearer.token.endpoint.url": unset(Kind::String) =>
        "Address at which tokens are fetched; it must be on the list of allowed addresses.";
    "sasl.server.callback.handler.class": unset(Kind::Class) =>
        "Java class that checks SASL logins; set per listener and mechanism.";
    "sasl.server.max.receive.size": int(524_288) =>
        "Most bytes that a client may send in one step of a login.";
};
