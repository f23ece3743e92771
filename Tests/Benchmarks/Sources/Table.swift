internal import Foundation

/// What a figure has to reach.
enum Aim: Sendable {
    case atLeast(Double)
    case below(Double)
    /// A figure to know, without a bound.
    case none

    func holds(_ value: Double) -> Bool? {
        switch self {
        case .atLeast(let bound): value >= bound
        case .below(let bound): value < bound
        case .none: nil
        }
    }
}

/// Which unit a figure has, and so how it is written.
enum Unit: Sendable {
    case perSecond, microseconds, milliseconds, nanoseconds, seconds, megabytes, bytes, percent, times
    /// A part of a whole, or a ratio.
    case share

    func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        switch self {
        case .perSecond: return String(format: "%.0f/s", value)
        case .microseconds: return String(format: "%.0f µs", value)
        case .milliseconds: return String(format: "%.2f ms", value)
        case .nanoseconds: return String(format: "%.0f ns", value)
        case .seconds: return String(format: "%.2f s", value)
        case .megabytes: return String(format: "%.1f MB", value)
        case .bytes: return String(format: "%.0f B", value)
        case .percent: return String(format: "%.2f %%", value)
        case .share: return String(format: "%.3f", value)
        case .times: return String(format: "%.2f x", value)
        }
    }
}

/// The lines that the benchmarks print, one as soon as it is measured.
struct Table {
    private static let widths = [52, 12, 30, 8, 12]
    private(set) var missed: [String] = []

    mutating func heading(_ text: String) {
        Self.write("")
        Self.write(text)
        Self.write(Self.line(["", "figure", "baseline", "ratio", "aim"]))
    }

    /// Prints one figure.
    ///
    /// - Parameter baseline: What it is compared with, measured in the same run, in the same unit.
    mutating func row(
        _ name: String,
        _ value: Double,
        _ unit: Unit,
        baseline: (name: String, value: Double)? = nil,
        aim: Aim = .none
    ) {
        var aimText = ""
        switch aim {
        case .atLeast(let bound): aimText = "≥ \(unit.text(bound))"
        case .below(let bound): aimText = "< \(unit.text(bound))"
        case .none: break
        }
        if let holds = aim.holds(value) {
            aimText += holds ? "  ok" : "  MISSED"
            if !holds { missed.append("\(name): \(unit.text(value))") }
        }
        let base = baseline.map { "\(unit.text($0.value)) \($0.name)" } ?? ""
        let ratio = baseline.map { Unit.times.text(value / $0.value) } ?? ""
        Self.write(Self.line([name, unit.text(value), base, ratio, aimText]))
    }

    mutating func note(_ text: String) { Self.write("  " + text) }

    private static func line(_ cells: [String]) -> String {
        var line = "  "
        for (index, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: max(0, widths[index] - cell.count))
            // Figures and ratios stand right, texts left.
            line += (index == 1 || index == 3 ? space + cell : cell + space) + "  "
        }
        return line
    }

    private static func write(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
