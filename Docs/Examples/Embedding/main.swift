import Gerbang

let gateway = try Gateway(contentsOf: "gerbang.yaml")
let running = Task { try await gateway.run() }

let visit = try Submission(
    .verifyIdentity,
    in: "31.74",
    key: "visit-20260131-0042",
    payload: ["nik": "3174015708900003", "name": "SITI CONTOH"]
)
let request = try await gateway.submit(visit)  // on disk from here on: it will reach an end
for try await event in gateway.events(of: request.id) { print(event.at, event.state) }
print(try await gateway.status(of: request.id).progress.texts[.indonesian])

gateway.stop()
try await running.value
