fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let mut host = dgscript::host::Host::fake();
    struct P;
    impl dgscript::host::Log for P {
        fn info(&self, l: &dgscript::host::InfoLine) {
            println!("{}", l.text)
        }
    }
    host.log = std::sync::Arc::new(P);
    let rt = Runtime::builder().host(host).build();
    use dgscript::Runtime;
    match rt.compile(&path, &text) {
        Err(e) => println!("{e}"),
        Ok(c) => {
            for w in c.warnings() {
                println!("warning {}", w.title)
            }
            match c.call().log(std::sync::Arc::new(P)).run() {
                Ok(o) => eprintln!("{:?}", o.usage),
                Err(e) => println!("{e}"),
            }
        }
    }
}
