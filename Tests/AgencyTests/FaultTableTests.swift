internal import GerbangCore
internal import Testing

@Suite("Every operation of every agency meets every fault")
struct FaultTableTests {
    @Test("at the call that provides the service", arguments: Subject.all)
    func send(subject: Subject) async throws {
        for trouble in Trouble.all { try await check(subject, trouble) }
    }

    @Test("at the inquiry after a lost answer", arguments: Subject.settled)
    func inquiry(subject: Subject) async throws {
        for trouble in Trouble.atInquiries { try await check(subject, trouble) }
    }

    private func check(_ subject: Subject, _ trouble: Trouble) async throws {
        let course = try await Course.of(subject, trouble)
        let expected = ExpectedCourse.of(subject, trouble)
        #expect(course.state == .succeeded, "\(subject): \(trouble)")
        #expect(course.kinds == expected.kinds, "\(subject): \(trouble)")
        #expect(course.effects == expected.effects, "\(subject): \(trouble)")
        let bounds = expected.wait.map { $0...$0 } ?? .milliseconds(2500)...(.seconds(5))
        #expect(bounds.contains(course.firstWait), "\(subject): \(trouble)")
    }
}
