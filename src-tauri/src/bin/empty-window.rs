//! An empty Tauri window: what `cargo xtask bench` compares the start of Patchbay with. Built with the feature
//! `empty-window` only, never shipped. It writes `page loaded` to standard error when its blank page is there.

use tauri::http::Response;
use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = "blank://localhost/".parse()?;
    tauri::Builder::default()
        .register_uri_scheme_protocol("blank", |_, _| {
            let mut answer = Response::new(b"<!doctype html><title>Empty</title>".to_vec());
            answer.headers_mut().insert("content-type", tauri::http::HeaderValue::from_static("text/html"));
            answer
        })
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(page))
                .inner_size(1280.0, 800.0)
                .on_page_load(|_, page| {
                    if page.event() == PageLoadEvent::Finished {
                        eprintln!("page loaded");
                    }
                })
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}
