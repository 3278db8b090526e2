use proptest::prelude::*;

use super::*;
use crate::connections::service::ScopeDelimiter;
use crate::connections::testing::request;
use crate::host::Method;

fn endpoints(key: &str, secret: &str, method: SignatureMethod) -> OAuth1Endpoints {
    let url = |text: &str| Url::parse(text).unwrap();
    OAuth1Endpoints {
        consumer_key: key.to_owned(),
        consumer_secret: Secret::new(secret),
        request_token_url: url("https://photos.example.net/initiate"),
        authorize_url: url("https://photos.example.net/authorize"),
        access_token_url: url("https://photos.example.net/token"),
        signature_method: method,
        authorize_params: Vec::new(),
        scope_delimiter: ScopeDelimiter::Comma,
    }
}

/// A published example: what goes in, and the signature that its page or erratum gives.
struct Vector {
    consumer: (&'static str, &'static str),
    token: (&'static str, &'static str),
    moment: (i64, &'static str),
    further: &'static [(&'static str, &'static str)],
    /// Whether `oauth_version` is among what is signed; the examples of the RFC leave it out.
    versioned: bool,
    request: Request,
}

impl Vector {
    fn signature(&self, method: SignatureMethod) -> (String, String) {
        let endpoints = endpoints(self.consumer.0, self.consumer.1, method);
        let (token, secret) = (Secret::new(self.token.0), Secret::new(self.token.1));
        let signer = Signer {
            endpoints: &endpoints,
            token: (!token.is_empty()).then_some((&token, &secret)),
            further: self.further,
            moment: Moment {
                timestamp: self.moment.0,
                nonce: self.moment.1.to_owned(),
            },
        };
        let mut parameters = signer.parameters();
        parameters.retain(|(name, _)| self.versioned || *name != "oauth_version");
        let base = base_string(&self.request, &parameters);
        (signer.signature(&self.request, &parameters), base)
    }
}

fn form(pairs: &[(&str, &str)]) -> Body {
    Body::Form(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

/// X's page "Creating a signature", in its two editions.
#[test]
fn the_example_of_twitter_is_signed_as_published() {
    for (version, expected) in [
        ("1", "tnnArxj06cWHq44gCs1OSKk/jLY="),
        ("1.1", "hCtSmYh+iHYCEqBWrE7C7hYmtUk="),
    ] {
        let url = format!("https://api.twitter.com/{version}/statuses/update.json?include_entities=true");
        let status = form(&[("status", "Hello Ladies + Gentlemen, a signed OAuth request!")]);
        let vector = Vector {
            consumer: ("xvz1evFS4wEEPTGEFPHBog", "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw"),
            token: (
                "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
                "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
            ),
            moment: (1_318_622_958, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
            further: &[],
            versioned: true,
            request: request(Method::Post, &url, status),
        };
        assert_eq!(vector.signature(SignatureMethod::HmacSha1).0, expected, "{version}");
    }
}

/// RFC 5849 section 1.2: the request for a photo, and the one that exchanges temporary credentials.
#[test]
fn the_examples_of_the_rfc_are_signed_as_published() {
    let photo = "http://photos.example.net/photos?file=vacation.jpg&size=original";
    let photo = Vector {
        consumer: ("dpf43f3p2l4k3l03", "kd94hf93k423kf44"),
        token: ("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
        moment: (137_131_202, "chapoH"),
        further: &[],
        versioned: false,
        request: request(Method::Get, photo, Body::Empty),
    };
    assert_eq!(
        photo.signature(SignatureMethod::HmacSha1).0,
        "MdpQcU8iPSUjWoN/UDMsK2sui9I="
    );
    let token = Vector {
        token: ("hh5s93j4hdidpola", "hdhd0244k9j7ao03"),
        moment: (137_131_201, "walatlh"),
        further: &[("oauth_verifier", "hfdp7dh39dks9884")],
        request: request(Method::Post, "https://photos.example.net/token", Body::Empty),
        ..photo
    };
    assert_eq!(
        token.signature(SignatureMethod::HmacSha1).0,
        "gKgrFCywp7rO0OXSjdot/IHF7IU="
    );
}

/// RFC 5849 section 3.4.1, with the keys of its erratum: doubled names, empty values, encoded signs, and a form body.
#[test]
fn the_base_string_of_the_rfc_is_made_as_published() {
    let url = "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b";
    let mut vector = Vector {
        consumer: ("9djdj82h48djs9d2", "j49sk3j29djd"),
        token: ("kkk9d7dh3k39sjv7", "dh893hdasih9"),
        moment: (137_131_201, "7d8f3e4a"),
        further: &[],
        versioned: false,
        request: request(Method::Post, url, form(&[("c2", ""), ("a3", "2 q")])),
    };
    let (signature, base) = vector.signature(SignatureMethod::HmacSha1);
    assert_eq!(
        base,
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D\
         %26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1\
         %26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
    assert_eq!(signature, "r6/TJjbCOr97/+UU0NsvSne7s5g=");
    vector.request.body = Body::Bytes(b"c2&a3=2+q".to_vec());
    let (unsigned, _) = vector.signature(SignatureMethod::HmacSha1);
    assert_ne!(unsigned, signature, "bytes of no known kind are not signed");
    vector
        .request
        .headers
        .set("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(
        vector.signature(SignatureMethod::HmacSha1).0,
        signature,
        "a form written as text is"
    );
}

/// RFC 5849 section 3.4.4, and a signature by HMAC-SHA256 computed with another implementation.
#[test]
fn the_other_methods_sign_too() {
    let vector = Vector {
        consumer: ("ck", "kd&94"),
        token: ("tk", "pf kk"),
        moment: (137_131_202, "chapoH"),
        further: &[],
        versioned: true,
        request: request(
            Method::Get,
            "https://api.example.com/r?b=2&a=1%202&a=%C3%A9",
            Body::Empty,
        ),
    };
    assert_eq!(vector.signature(SignatureMethod::Plaintext).0, "kd%2694&pf%20kk");
    assert_eq!(
        vector.signature(SignatureMethod::HmacSha256).0,
        "8vAnWWaIl/ccan208+2XcW910cEhWy4yGnQOAgDAp3c="
    );
}

fn signed(param_type: ParamType, mut request: Request) -> (Request, Vec<String>) {
    let endpoints = endpoints("ck", "canary-consumer", SignatureMethod::HmacSha1);
    let (token, secret) = (Secret::new("t/k"), Secret::new("canary-secret"));
    let signer = Signer {
        endpoints: &endpoints,
        token: Some((&token, &secret)),
        further: &[],
        moment: Moment::now(1_700_000_000_999).unwrap(),
    };
    let mut placement = Placement {
        request: &mut request,
        overridden: Vec::new(),
    };
    place(&signer, param_type, &mut placement).unwrap();
    let overridden = placement.overridden;
    (request, overridden)
}

#[test]
fn the_parameters_go_to_all_three_places() {
    let (get, _) = signed(
        ParamType::Header,
        request(Method::Get, "https://a.example/x?q=1", Body::Empty),
    );
    let value = get.headers.get("Authorization").unwrap();
    assert!(
        value.starts_with("OAuth oauth_consumer_key=\"ck\", oauth_token=\"t%2Fk\", "),
        "{value}"
    );
    assert!(value.contains("oauth_timestamp=\"1700000000\""));
    assert_eq!(get.url.query(), Some("q=1"));

    let (get, _) = signed(
        ParamType::Query,
        request(Method::Get, "https://a.example/x?q=%20", Body::Empty),
    );
    let query = get.url.query().unwrap();
    assert!(
        query.starts_with("q=%20&oauth_consumer_key=ck&oauth_token=t%2Fk&"),
        "{query}"
    );
    assert!(query.contains("&oauth_signature=") && get.headers.iter().next().is_none());

    let (post, _) = signed(
        ParamType::Form,
        request(Method::Post, "https://a.example/x", form(&[("a", "b")])),
    );
    let Body::Form(fields) = &post.body else {
        panic!("a form stays one")
    };
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((names[0], names.last()), ("a", Some(&"oauth_signature")));
    assert!(post.url.query().is_none());
}

#[test]
fn a_script_s_own_oauth_parameters_yield() {
    let url = "https://a.example/x?oauth_token=mine&a=1&oauth%5Fnonce=n";
    let (post, overridden) = signed(
        ParamType::Header,
        request(Method::Post, url, form(&[("oauth_version", "2")])),
    );
    assert_eq!(overridden, ["oauth_token", "oauth_nonce", "oauth_version"]);
    assert_eq!(post.url.query(), Some("a=1"));
    assert!(post.body == form(&[]));
}

#[test]
fn form_data_takes_no_upload_and_no_bodyless_request() {
    for body in [Body::Multipart(Vec::new()), Body::Empty, Body::Bytes(Vec::new())] {
        let endpoints = endpoints("ck", "cs", SignatureMethod::HmacSha1);
        let signer = Signer {
            endpoints: &endpoints,
            token: None,
            further: &[],
            moment: Moment::now(0).unwrap(),
        };
        let mut post = request(Method::Post, "https://a.example/", body);
        let mut placement = Placement {
            request: &mut post,
            overridden: Vec::new(),
        };
        assert!(place(&signer, ParamType::Form, &mut placement).is_err());
    }
}

#[test]
fn two_requests_of_one_second_differ() {
    let nonces: Vec<String> = (0..64).map(|_| Moment::now(0).unwrap().nonce).collect();
    let different: std::collections::BTreeSet<&String> = nonces.iter().collect();
    assert_eq!(different.len(), nonces.len());
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_again(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let encoded = encode_bytes(&bytes);
        prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
        prop_assert_eq!(decode(encoded.as_bytes()), bytes);
    }

    /// A server that reads the request off the wire finds the parameters that were signed, wherever they stand.
    #[test]
    fn the_signature_holds_for_what_the_server_reads(
        pairs in proptest::collection::vec((".{0,12}", ".{0,12}"), 0..5),
        in_body in any::<bool>(),
        turn in 0usize..5,
    ) {
        let mut url = Url::parse("https://a.example/x%20y/").unwrap();
        let mut turned = pairs.clone();
        turned.rotate_left(turn % pairs.len().max(1));
        let body = if in_body {
            Body::Form(pairs.clone())
        } else {
            url.query_pairs_mut().extend_pairs(&pairs);
            Body::Empty
        };
        let protocol = [("oauth_nonce", "n".to_owned())];
        let method = if in_body { Method::Post } else { Method::Get };
        let sent = base_string(&request(method, url.as_str(), body), &protocol);

        let mut read = Url::parse("https://a.example/x%20y/").unwrap();
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&turned).finish();
        let mut seen = if in_body {
            request(method, read.as_str(), Body::Bytes(text.clone().into_bytes()))
        } else {
            read.set_query(Some(&text));
            request(method, read.as_str(), Body::Empty)
        };
        seen.headers.set("Content-Type", "application/x-www-form-urlencoded");
        prop_assert_eq!(sent, base_string(&seen, &protocol));
    }
}
