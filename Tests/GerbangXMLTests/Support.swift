import GerbangXML
import Testing

/// The bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Parses a text with the default limits.
func parse(_ text: String) throws -> XMLDocument { try XMLDocument(parsing: utf8(text)) }

/// The error that parsing ends with; a document that is accepted is a failure of the test.
func refusal(
    of bytes: [UInt8],
    limits: XMLLimits = XMLLimits(),
    charset: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> XMLError {
    try #require(throws: XMLError.self, sourceLocation: sourceLocation) {
        _ = try XMLDocument(parsing: bytes, limits: limits, charset: charset)
    }
}

/// SplitMix64: the same numbers for the same seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Texts that several suites use.
enum Samples {
    static let order = """
        <?xml version="1.0" encoding="UTF-8"?>
        <o:order xmlns:o="urn:order" xmlns:x="urn:extra" id="7" x:id="8">
          <o:item n="1">pena</o:item>
          <o:item n="2">buku <b>tulis</b> &amp; <![CDATA[<kertas>]]></o:item>
          <note xmlns="">catatan</note>
        </o:order>
        """

    static let xroadFault = """
        <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>
        <SOAP-ENV:Fault><faultcode>Server.ServerProxy.AccessDenied</faultcode>
        <faultstring>Request is not allowed</faultstring><faultactor></faultactor>
        <detail><faultDetail xmlns="">1f2e-uuid</faultDetail></detail></SOAP-ENV:Fault>
        </SOAP-ENV:Body></SOAP-ENV:Envelope>
        """
}
