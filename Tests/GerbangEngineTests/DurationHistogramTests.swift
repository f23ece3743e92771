internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("How long something took lately")
struct DurationHistogramTests {
    @Test("Before anything is measured the expectation stands")
    func expectation() {
        let histogram = DurationHistogram(expecting: .seconds(10))
        #expect(histogram.mean == .seconds(10))
        #expect(histogram.quantile(0.9) >= .seconds(10))
        #expect(histogram.quantile(0.9) < .milliseconds(12_500))
    }

    @Test("What is told is never too short and at most a quarter too long, from a millisecond to years")
    func exactness() {
        var milliseconds: Int64 = 1
        while milliseconds < 100_000_000_000 {
            var histogram = DurationHistogram(expecting: .milliseconds(milliseconds))
            histogram.note(.milliseconds(milliseconds))
            let told = histogram.quantile(0.5).milliseconds
            #expect(told >= milliseconds && Double(told) <= Double(milliseconds) * 1.34, "\(milliseconds): \(told)")
            #expect(histogram.mean == .milliseconds(milliseconds))
            milliseconds += max(1, milliseconds / 7)
        }
    }

    @Test("Measurements replace the expectation, and later ones earlier ones")
    func decay() {
        var histogram = DurationHistogram(expecting: .seconds(60))
        for _ in 0..<60 { histogram.note(.milliseconds(200)) }
        #expect(histogram.quantile(0.9) < .milliseconds(260))
        for _ in 0..<200 { histogram.note(.seconds(5)) }
        #expect(histogram.quantile(0.1) >= .seconds(5))
        #expect(histogram.mean > .seconds(4))
    }

    @Test("It goes on for as long as the process lives")
    func endurance() {
        var histogram = DurationHistogram(expecting: .seconds(1))
        for number in 0..<20_000 { histogram.note(.milliseconds(number % 2 == 0 ? 100 : 1000)) }
        #expect(histogram.quantile(0.25) < .milliseconds(130))
        #expect(histogram.quantile(0.9) >= .seconds(1))
        #expect(histogram.mean > .milliseconds(500) && histogram.mean < .milliseconds(600))
        histogram.note(.milliseconds(-5))
        #expect(histogram.quantile(0) == .milliseconds(1) || histogram.quantile(0) > .zero)
    }
}
