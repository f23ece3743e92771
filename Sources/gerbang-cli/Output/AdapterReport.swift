internal import GerbangJSON

/// Registered adapters on the terminal. Everything in them comes from agencies and is made printable.
enum AdapterReport {
    static func table(_ adapters: [JSONValue]) -> Table {
        var table = Table("adapter", "kind", "mode", "version", "waiting", "instances")
        for adapter in adapters {
            let instances = adapter["instances"]?.arrayValue ?? []
            let live = instances.count { $0["phase"]?.stringValue == "live" }
            table.add(
                [
                    text(adapter["id"]), text(adapter["kind"]), text(adapter["mode"]),
                    text(adapter["servedVersion"]) ?? "none",
                    (adapter["waiting"]?.arrayValue ?? []).compactMap { text($0) }.joined(separator: ", "),
                    text(adapter["kind"]) == "remote" ? "\(live) of \(instances.count) live" : "",
                ].map { $0 ?? "" }
            )
        }
        return table
    }

    static func lines(_ adapter: JSONValue, _ style: Style) -> [String] {
        var lines = table([adapter]).lines(style)
        let versions = adapter["versions"]?.arrayValue ?? []
        if !versions.isEmpty {
            var table = Table("version", "state", "SHA-256", "submitted", "decided by", "report")
            for version in versions {
                table.add([
                    text(version["version"]) ?? "", text(version["state"]) ?? "",
                    String((text(version["hash"]) ?? "").prefix(12)), text(version["submittedAt"]) ?? "",
                    text(version["decidedBy"]) ?? "", version["report"] == nil ? "none" : "yes",
                ])
            }
            lines += [""] + table.lines(style)
        }
        let instances = adapter["instances"]?.arrayValue ?? []
        if !instances.isEmpty {
            var table = Table("instance", "phase", "address", "silent", "under way")
            for instance in instances {
                table.add([
                    text(instance["id"]) ?? "", text(instance["phase"]) ?? "", text(instance["address"]) ?? "",
                    "\(instance["silentSeconds"]?.intValue ?? 0) s", "\(instance["inFlight"]?.intValue ?? 0)",
                ])
            }
            lines += [""] + table.lines(style)
        }
        return lines
    }

    static func diff(_ diff: JSONValue, _ style: Style) -> [String] {
        let from = text(diff["from"]?["version"]).map { "version \($0)" } ?? "nothing"
        let hash = text(diff["to"]?["hash"]) ?? ""
        var lines = ["from \(from) to version \(text(diff["to"]?["version"]) ?? "?"), SHA-256 \(hash)"]
        for key in ["facts", "lines"] {
            let changes = (diff[key]?.arrayValue ?? []).compactMap { text($0) }
            if !changes.isEmpty { lines += [""] + changes.map { style.ink($0, $0.hasPrefix("-") ? .red : .green) } }
        }
        let warnings = (diff["to"]?["warnings"]?.arrayValue ?? []).compactMap { text($0) }
        if !warnings.isEmpty { lines += [""] + warnings.map { style.ink($0, .yellow) } }
        lines.append("")
        if let report = diff["to"]?["report"] {
            lines +=
                ["conformance report:"] + report.text(.pretty).split(separator: "\n").map { Printable.line(String($0)) }
        } else {
            lines.append("no conformance report was sent along")
        }
        return lines
    }

    private static func text(_ json: JSONValue?) -> String? { json?.stringValue.map { Printable.line($0) } }
}
