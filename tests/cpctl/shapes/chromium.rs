//! A page in a real browser, asked through its debugging pipe.

use std::{
    fs::{File, OpenOptions},
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use cpctl::outcome::Shape;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{sample, text, tool};

/// Chromium reads from its third descriptor and writes to its fourth.
const START: &str = "exec chromium --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync \
                     --disable-background-networking --disable-component-update --user-data-dir=\"$0/profile\" \
                     --remote-debugging-pipe 3<\"$0/in\" 4>\"$0/out\"";

/// What may not be wider than where it stands; tables move within a box of their own.
const CLIPPED: &str =
    "JSON.stringify([...document.querySelectorAll('h1,h2,h3,p,pre,li,code,.said,.bars,section')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
    .map(e => e.outerHTML))";

struct Browser {
    child: Child,
    to: File,
    from: BufReader<File>,
    session: Option<String>,
    sent: u64,
    /// What it told without being asked.
    events: Vec<Value>,
    _home: TempDir,
}

impl Browser {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        for name in ["in", "out"] {
            mknodat(CWD, at(name), FileType::Fifo, Mode::from(0o600), 0).unwrap();
        }
        let mut command = Command::new("bash");
        command.args(["-c", START]).arg(home.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.env("HOME", home.path()).stderr(Stdio::null()).spawn().unwrap();
        let to = OpenOptions::new().write(true).open(at("in")).unwrap();
        let from = BufReader::new(File::open(at("out")).unwrap());
        let mut browser = Self { child, to, from, session: None, sent: 0, events: vec![], _home: home };
        let target = browser.asks("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.asks("Target.attachToTarget", &attach);
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        for room in ["Page", "Runtime", "Log", "Network"] {
            browser.asks(&format!("{room}.enable"), &json!({}));
        }
        browser
    }

    fn asks(&mut self, method: &str, params: &Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let told = self.hears();
            if told["id"] == self.sent {
                assert!(told.get("error").is_none(), "{method}: {told}");
                return told["result"].clone();
            }
            self.events.push(told);
        }
    }

    fn hears(&mut self) -> Value {
        let mut message = vec![];
        self.from.read_until(0, &mut message).unwrap();
        serde_json::from_slice(message.strip_suffix(b"\0").expect("it is still there")).unwrap()
    }

    /// Opens a page on a screen of this width, in daylight or in the dark.
    fn opens(&mut self, page: &Path, width: u32, scheme: &str) {
        let screen = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.asks("Emulation.setDeviceMetricsOverride", &screen);
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.asks("Emulation.setEmulatedMedia", &scheme);
        self.events.clear();
        self.asks("Page.navigate", &json!({ "url": format!("file://{}", page.display()) }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let told = self.hears();
            self.events.push(told);
        }
    }

    fn says(&mut self, expression: &str) -> String {
        let told = self.asks("Runtime.evaluate", &json!({ "expression": expression }));
        let value = &told["result"]["value"];
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// What it told of this kind since the page was opened.
    fn told(&self, method: &str) -> Vec<&Value> {
        self.events.iter().filter(|event| event["method"] == *method).map(|event| &event["params"]).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_is_read_on_a_telephone_and_on_a_wall_in_daylight_and_in_the_dark() {
    if !tool("chromium") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("preflight.html");
    std::fs::write(&page, text(Shape::Html, &sample::preflight())).unwrap();
    let mut browser = Browser::start();
    let mut grounds = vec![];

    for (width, scheme) in [(360, "light"), (1440, "dark")] {
        browser.opens(&page, width, scheme);
        let inner = browser.says("innerWidth");
        assert_eq!(inner, width.to_string());
        let needed: u32 = browser.says("document.documentElement.scrollWidth").parse().unwrap();
        assert!(needed <= width, "it is {needed} wide on {width}");
        assert_eq!(browser.says(CLIPPED), "[]", "at {width}");
        assert_eq!(browser.says("document.querySelectorAll('.bar').length"), "6");
        grounds.push(browser.says("getComputedStyle(document.body).backgroundColor"));

        assert_eq!(browser.told("Log.entryAdded"), Vec::<&Value>::new());
        assert_eq!(browser.told("Runtime.exceptionThrown"), Vec::<&Value>::new());
        assert_eq!(browser.told("Runtime.consoleAPICalled"), Vec::<&Value>::new());
        let fetched = browser.told("Network.requestWillBeSent");
        let fetched: Vec<_> = fetched.iter().map(|request| &request["request"]["url"]).collect();
        assert_eq!(fetched, [&Value::from(format!("file://{}", page.display()))]);
    }

    assert_ne!(grounds[0], grounds[1], "the dark is another");
}

#[test]
fn what_a_page_must_not_do_is_seen_by_the_browser() {
    if !tool("chromium") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("bad.html");
    let bad = "<body><p style=\"width:50px\">WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW</p><div style=\"width:900px\">wide</div>\
               <img src=\"gone.png\"><script>console.error('no')</script>";
    std::fs::write(&page, bad).unwrap();
    let mut browser = Browser::start();

    browser.opens(&page, 360, "light");

    assert_ne!(browser.says(CLIPPED), "[]");
    assert_eq!(browser.told("Network.requestWillBeSent").len(), 2);
    assert_eq!(browser.told("Runtime.consoleAPICalled").len(), 1);
}
