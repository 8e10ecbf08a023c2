//! Where a paid line leads: to the host that owns its key, over a secure connection, and never to this machine.

use rstest::rstest;

use super::*;
use crate::{
    judge, load,
    observe::{Origins, Resolver, SendTo},
};

/// What a line needs to be set up.
#[derive(Default)]
struct World {
    settings: Settings,
    scrub: Redactor,
}

impl World {
    /// The line of the official route to this address, with this key in the environment.
    fn line(&self, base: &str, key: Option<&str>) -> Result<Line<'_, Live>, NoLine> {
        let hosts = load::shipped("api", &judge::rules::known()).unwrap().unwrap().hosts;
        let host = ApiHost { base_url: base.parse().unwrap(), ..hosts["api"].clone() };
        let keys = KeyRing::read(&hosts, &|name| key.filter(|_| name == "XAI_API_KEY").map(str::to_owned));
        Line::to_owner(&host, (&keys, &load::owners()), &self.settings, &self.scrub)
    }
}

const KEY: &str = "xai-0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789ab";

#[rstest]
#[case::its_own("https://api.x.ai", None)]
#[case::another_host("https://api.x.ai.evil.example", Some(NoLine::Keyless))]
#[case::this_machine("https://127.0.0.1", Some(NoLine::Keyless))]
#[case::in_the_open("http://api.x.ai", Some(NoLine::Keyless))]
fn a_key_goes_to_its_owner_alone(#[case] base: &str, #[case] wrong: Option<NoLine>) {
    assert_eq!(World::default().line(base, Some(KEY)).err(), wrong);
}

#[test]
fn without_a_key_there_is_no_line() {
    let found = World::default().line("https://api.x.ai", None).err();
    assert!(matches!(&found, Some(NoLine::Key { variable, .. }) if variable == "XAI_API_KEY"), "{found:?}");
}

#[test]
fn nothing_is_paid_while_a_rehearsal_is_on() {
    let origins = Origins::One("http://127.0.0.1:1".parse().unwrap());
    let send_to = SendTo { origins, set_by: "a test".to_owned(), resolver: Resolver::LoopbackOnly };
    let settings = Settings { send_to: Some(send_to), ..Settings::default() };
    let world = World { settings, ..World::default() };
    assert_eq!(world.line("https://api.x.ai", Some(KEY)).err(), Some(NoLine::Loopback));
}

#[rstest]
#[case::from_outside("https://vidgen.example/a.mp4", true)]
#[case::in_the_open("http://vidgen.example/a.mp4", false)]
#[case::from_this_machine("https://127.0.0.1/a.mp4", false)]
fn a_clip_is_fetched_securely(#[case] url: &str, #[case] fetched: bool) {
    let (world, url) = (World::default(), url.parse().unwrap());
    let line = world.line("https://api.x.ai", Some(KEY)).unwrap();
    assert_eq!(line.fetcher(&url).is_some(), fetched);
}

#[rstest]
#[case("https://vidgen.example/a.mp4", true)]
#[case("https://8.8.8.8/a.mp4", true)]
#[case("https://127.0.0.1/a.mp4", false)]
#[case("https://localhost/a.mp4", false)]
#[case("https://169.254.169.254/latest", false)]
#[case("https://10.0.0.1/a.mp4", false)]
#[case("https://[::1]/a.mp4", false)]
#[case("https://[fd00::1]/a.mp4", false)]
fn only_public_addresses_are_outside(#[case] url: &str, #[case] outside: bool) {
    assert_eq!(is_outside(&Url::parse(url).unwrap()), outside);
}
