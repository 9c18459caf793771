//! The real window, driven through WebKit's own driver.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{Browse, Chromium, Flow, LONG, Running, Session, Step, Target, binary, folder, need, until};

/// The sizes in which screens are looked at, in pixels.
const SIZES: [(u32, u32); 2] = [(1280, 800), (960, 640)];

/// What the desktop asks programs to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark text on light ground.
    Light,
    /// The other way round.
    Dark,
}

/// The running program with its window. Dropping it kills it.
pub struct Window<'s> {
    session: &'s Session,
    theme: Theme,
    runtime: Runtime,
    client: Option<Client>,
    // The program runs in the driver's process group.
    driver: Option<Running>,
    /// How many addresses of the system's browser were gone through.
    browsed: usize,
}

impl<'s> Window<'s> {
    /// Starts the program, with a bot if a folder is given.
    ///
    /// # Panics
    /// It is not built, or no window opens.
    pub fn open(session: &'s Session, bot: Option<&Path>) -> Self {
        Self::open_in(session, bot, Theme::Light)
    }

    /// As [`Window::open`], on a desktop with a theme.
    ///
    /// # Panics
    /// As [`Window::open`].
    pub fn open_in(session: &'s Session, bot: Option<&Path>, theme: Theme) -> Self {
        need(&["WebKitWebDriver"]);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let mut window = Self { session, theme, runtime, client: None, driver: None, browsed: 0 };
        window.launch(bot);
        window
    }

    fn launch(&mut self, bot: Option<&Path>) {
        // The driver cannot be asked which port it chose, so one that is free now is named.
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let mut command = self.session.command("WebKitWebDriver");
        command.arg(format!("--port={port}"));
        command.stderr(fs::File::create(self.log()).expect("a file for what the program says"));
        command.env("TAURI_WEBVIEW_AUTOMATION", "true").env("TAURI_AUTOMATION", "true");
        command.env("GTK_THEME", if self.theme == Theme::Dark { "Adwaita:dark" } else { "Adwaita" });
        self.driver = Some(Running::start(&mut command));
        until("the driver to listen", LONG, || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        let arguments: Vec<&str> = bot.iter().map(|bot| bot.to_str().expect("a path that is text")).collect();
        let options =
            json!({ "webkitgtk:browserOptions": { "binary": binary("patchbay-desktop"), "args": arguments } });
        let capabilities: Capabilities = serde_json::from_value(options).expect("capabilities");
        let client = self.runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            tokio::time::timeout(LONG, builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")))
                .await
        });
        self.client = Some(client.expect("the window opens in time").expect("the window opens"));
        let (width, height) = SIZES[0];
        self.resize(width, height);
    }

    /// What the program says on standard error.
    fn log(&self) -> PathBuf {
        self.session.home().path("tmp/window.log")
    }

    /// Closes the window as a person does, waits until the program has ended, and starts it again without naming a bot.
    ///
    /// # Panics
    /// It does not end or start.
    pub fn relaunch(&mut self) {
        self.quit();
        self.launch(None);
    }

    /// Closes the window as a person does and waits until the program has ended.
    ///
    /// # Panics
    /// It does not end.
    pub fn quit(&mut self) {
        let pid = self.program();
        let client = self.client.take().expect("a window");
        self.runtime.block_on(async {
            // The program ends with its window, and the driver may see that before it answers.
            let _ = client.close_window().await;
        });
        until("the program to end", LONG, || (!is_alive(pid)).then_some(()));
        self.driver = None;
    }

    /// The process id of the program.
    ///
    /// # Panics
    /// It does not run.
    pub fn program(&self) -> u32 {
        let driver = self.driver.as_ref().expect("a driver").id();
        let is_ours = |pid: &u32| {
            fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.contains("patchbay-desktop"))
        };
        until("the program", LONG, || children(driver).into_iter().find(is_ours))
    }

    /// The process ids of the program and of everything it started.
    ///
    /// # Panics
    /// It does not run.
    pub fn processes(&self) -> Vec<u32> {
        let mut found = vec![self.program()];
        let mut at = 0;
        while let Some(&process) = found.get(at) {
            found.extend(children(process));
            at += 1;
        }
        found
    }

    /// Runs all steps of a path. `bot` is the folder that its files are in.
    ///
    /// # Panics
    /// With the number of the step that did not go as written.
    pub fn follow(&mut self, flow: &Flow, name: &str, bot: Option<&Path>) {
        for (at, step) in flow.steps.iter().enumerate() {
            let context = format!("{name}, step {}: {step:?}", at + 1);
            self.take(step, name, bot, &context);
        }
    }

    fn take(&mut self, step: &Step, name: &str, bot: Option<&Path>, context: &str) {
        let path = |file: &str| bot.unwrap_or_else(|| panic!("{context}: no bot")).join(file);
        match step {
            Step::Click(target) => self.click(target, context),
            Step::Fill(fill) => self.fill(&fill.field, &fill.value, context),
            Step::Type(text) => self.keys(text),
            Step::Press(keys) => self.keys(&chord(keys)),
            Step::Choose(choose) => {
                let element = self.element(&choose.field, context);
                self.wait_for(element.select_by_label(&choose.option))
                    .unwrap_or_else(|error| panic!("{context}: {error}"));
            }
            Step::Browse(browse) => self.browse(browse, context),
            Step::See(target) => until(&format!("{context}: to be seen"), LONG, || self.shows(target).then_some(())),
            Step::Gone(target) => self.gone(target, context),
            Step::Write(file) => {
                let path = path(&file.path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, &file.text).unwrap_or_else(|error| panic!("{context}: {error}"));
            }
            Step::File(file) => {
                let path = path(&file.path);
                let mut now = String::new();
                let mut same = || {
                    now = fs::read_to_string(&path).unwrap_or_default();
                    now == file.text
                };
                let start = Instant::now();
                while !same() {
                    assert!(start.elapsed() < LONG, "{context}: the file holds\n{now}");
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
            Step::Relaunch(_) => self.relaunch(),
            Step::Shot(shot) => self.shoot_sizes(&format!("{name}-{shot}")),
        }
    }

    /// Goes through the next page that the system's browser was given, in Chromium.
    ///
    /// # Panics
    /// None was given, or it is another page than expected.
    #[track_caller]
    pub fn browse(&mut self, browse: &Browse, context: &str) {
        let link = self.opened(context);
        Chromium::start(self.session).consent(&link, browse, context);
    }

    /// The next address that the system's browser was given.
    ///
    /// # Panics
    /// None was given.
    #[track_caller]
    pub fn opened(&mut self, context: &str) -> String {
        let at = self.browsed;
        self.browsed += 1;
        let home = self.session.home();
        until(&format!("{context}: the browser to be opened"), LONG, || home.opened().get(at).cloned())
    }

    /// Waits for an element and clicks it.
    ///
    /// # Panics
    /// It does not come, or there are several.
    #[track_caller]
    pub fn click(&self, target: &Target, context: &str) {
        let start = Instant::now();
        loop {
            // What moves or is covered for a moment is tried again.
            match self.wait_for(self.element(target, context).click()) {
                Ok(()) => return,
                Err(error) => assert!(start.elapsed() < LONG, "{context}: {error}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Replaces what a field holds.
    ///
    /// # Panics
    /// It does not come, or there are several.
    #[track_caller]
    pub fn fill(&self, target: &Target, value: &str, context: &str) {
        let element = self.element(target, context);
        // The driver types no line ends, only the key that makes them.
        let value = value.replace('\n', &key("Enter"));
        let filled = self.wait_for(async {
            element.clear().await?;
            element.send_keys(&value).await
        });
        filled.unwrap_or_else(|error| panic!("{context}: {error}"));
    }

    /// Sends key strokes to where the focus is.
    ///
    /// # Panics
    /// Nothing has the focus.
    pub fn keys(&self, keys: &str) {
        let client = self.client();
        let sent = self.wait_for(async { client.active_element().await?.send_keys(keys).await });
        sent.expect("key strokes");
    }

    /// Presses a key, perhaps with others held, such as `Control+v`.
    ///
    /// # Panics
    /// Nothing has the focus.
    pub fn press(&self, keys: &str) {
        self.keys(&chord(keys));
    }

    /// Waits until an element is there.
    ///
    /// # Panics
    /// It does not come.
    #[track_caller]
    pub fn see(&self, target: &Target) {
        until(&format!("{target:?}"), LONG, || self.shows(target).then_some(()));
    }

    /// Waits until an element is not there.
    ///
    /// # Panics
    /// It stays.
    #[track_caller]
    pub fn gone(&self, target: &Target, context: &str) {
        until(&format!("{context}: to be gone"), LONG, || self.find(target, false).is_none().then_some(()));
    }

    /// Whether an element is there now.
    pub fn shows(&self, target: &Target) -> bool {
        self.find(target, false).is_some()
    }

    /// Pictures of the screen in each size, in `shots/window`.
    ///
    /// # Panics
    /// No picture could be taken.
    pub fn shoot_sizes(&self, name: &str) {
        let theme = if self.theme == Theme::Dark { "dark" } else { "light" };
        for (width, height) in SIZES {
            self.resize(width, height);
            let file: PathBuf = folder("shots/window").join(format!("{name}-{theme}-{width}x{height}.png"));
            self.session.display().shoot(&file);
        }
        let (width, height) = SIZES[0];
        self.resize(width, height);
    }

    /// Makes the window so large inside its frame.
    ///
    /// # Panics
    /// It does not become so large.
    pub fn resize(&self, width: u32, height: u32) {
        self.wait_for(self.client().set_window_rect(0, 0, width, height)).expect("the window takes a size");
        // Painted once more, so that a picture shows the new size.
        let painted = "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => done([innerWidth, innerHeight])));";
        until("the window to take its size", LONG, || {
            let size = self.wait_for(self.client().execute_async(painted, vec![])).ok()?;
            let near = |is: &Value, wanted: u32| is.as_u64().is_some_and(|is| is.abs_diff(wanted.into()) <= 60);
            (near(&size[0], width) && near(&size[1], height)).then_some(())
        });
    }

    #[track_caller]
    fn element(&self, target: &Target, context: &str) -> Element {
        until(&format!("{context}: {target:?}"), LONG, || self.find(target, true))
    }

    fn find(&self, target: &Target, one: bool) -> Option<Element> {
        let script = format!("{}\nreturn locate(arguments[0], arguments[1]);", locate());
        let wanted = serde_json::to_value(target).expect("a target");
        // Between two pages there is none to ask.
        let found = self.wait_for(self.client().execute(&script, vec![wanted, json!(one)])).ok()?;
        let id = found.as_object()?.values().next()?.as_str()?.to_owned();
        Some(Element::from_element_id(self.client().clone(), id.into()))
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("a window")
    }

    fn wait_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(async { tokio::time::timeout(LONG, work).await }).expect("the window answers")
    }
}

/// What was on the screen tells why a test failed.
impl Drop for Window<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() && self.client.is_some() {
            eprintln!("the program said:\n{}", fs::read_to_string(self.log()).unwrap_or_default());
            let driver = self.driver.as_ref().map_or(0, Running::id);
            eprintln!("children of the driver: {:?}", children(driver));
            let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
            self.session.display().shoot(&folder("shots/window").join(format!("failed-{name}.png")));
        }
    }
}

/// The text of the function that both drivers find elements with.
fn locate() -> String {
    fs::read_to_string(folder("flows/locate.js")).expect("flows/locate.js")
}

/// `Control+Shift+r` as key strokes.
fn chord(keys: &str) -> String {
    let mut parts: Vec<&str> = keys.split('+').collect();
    let last = parts.pop().unwrap_or_default();
    let held: String = parts.into_iter().map(key).collect();
    // The last stroke lets all held keys go.
    let release = if held.is_empty() { String::new() } else { key("Null") };
    held + &key(last) + &release
}

fn key(name: &str) -> String {
    let key = match name {
        "Alt" => Key::Alt,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "ArrowUp" => Key::Up,
        "Backspace" => Key::Backspace,
        "Control" => Key::Control,
        "Delete" => Key::Delete,
        "End" => Key::End,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "F8" => Key::F8,
        "Home" => Key::Home,
        "Null" => Key::Null,
        "Shift" => Key::Shift,
        "Tab" => Key::Tab,
        text => return text.to_owned(),
    };
    char::from(key).to_string()
}

/// Each thread has its own list of children.
fn children(pid: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>()).collect()
}

fn is_alive(pid: u32) -> bool {
    // A process that ended and was not waited for is a zombie, with an empty command line.
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty())
}
