// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let httpTypes = product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let coreMetrics = product(name: "CoreMetrics", package: "swift-metrics")
    static let metrics = product(name: "Metrics", package: "swift-metrics")
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams = product(name: "Yams", package: "Yams")
}

/// A module of `Sources/`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of a module, in `Tests/`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The adapter for one agency, its simulator and its tests, in `Adapters/`; a manifest beside it is compiled in.
func agency(_ name: String, _ dependencies: [Target.Dependency] = [], hasManifest: Bool = false, more: [String] = [])
    -> [Target]
{
    [
        .target(
            name: "\(name)Adapter",
            dependencies: ["GerbangCore", "GerbangJSON", .httpTypes] + dependencies,
            path: "Adapters/\(name)",
            exclude: ["Fixtures", "README.md", "Simulator", "Tests"] + more,
            sources: ["Sources"],
            resources: hasManifest ? [.embedInCode("adapter.yaml")] : [],
            swiftSettings: settings
        ),
        .target(
            name: "\(name)Simulator",
            dependencies: ["GerbangCore", "GerbangJSON", "GerbangTesting", .httpTypes] + dependencies,
            path: "Adapters/\(name)/Simulator",
            swiftSettings: settings
        ),
        .testTarget(
            name: "\(name)AdapterTests",
            dependencies: [
                "GerbangCore", "GerbangHTTP", "GerbangJSON", "GerbangManifest", "GerbangSchema", "GerbangTesting",
                .httpTypes,
                .target(name: "\(name)Adapter"), .target(name: "\(name)Simulator"),
            ] + dependencies,
            path: "Adapters/\(name)/Tests",
            swiftSettings: settings
        ),
    ]
}

let package = Package(
    name: "gerbang",
    products: [
        .executable(name: "gerbang", targets: ["gerbang"]),
        .library(name: "Gerbang", targets: ["Gerbang"]),
        .library(name: "GerbangClient", targets: ["GerbangClient"]),
        .library(name: "GerbangCore", targets: ["GerbangCore", "GerbangJSON"]),
        .library(name: "GerbangXML", targets: ["GerbangXML"]),
        .library(name: "GerbangSOAP", targets: ["GerbangSOAP"]),
        .library(name: "GerbangWSSecurity", targets: ["GerbangWSSecurity"]),
        .library(name: "GerbangHTTP", targets: ["GerbangHTTP"]),
        .library(name: "GerbangManifest", targets: ["GerbangManifest"]),
        .library(name: "GerbangEngine", targets: ["GerbangEngine"]),
        .library(name: "GerbangSQLite", targets: ["GerbangSQLite"]),
        .library(name: "GerbangTesting", targets: ["GerbangTesting"]),
        .library(name: "AdapterConformance", targets: ["AdapterConformance"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries, each imported by one module only.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CValijson",
            cxxSettings: [.define("VALIJSON_USE_EXCEPTIONS", to: "1")],
            linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("m")]
        ),

        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),

        // xmlsec's headers look for each other one folder deeper than the compiler does; `forward` leads them there, so
        // that neither compiler flags of its own nor pkg-config's, which SwiftPM complains about, are needed.
        .target(
            name: "CXMLSec",
            dependencies: ["CLibXML2"],
            cSettings: [.headerSearchPath("forward")],
            linkerSettings: [
                .linkedLibrary("xmlsec1-openssl"), .linkedLibrary("xmlsec1"), .linkedLibrary("crypto"),
            ]
        ),

        // The library.
        .target(
            name: "GerbangSchemas",
            path: "Schemas",
            exclude: ["conformance", "manifest"],
            resources: [
                .embedInCode("regions.csv"),
                .embedInCode("services"),
                .embedInCode("wsdl"),
                .embedInCode("openapi"),
            ],
            swiftSettings: settings
        ),
        module("GerbangJSON"),
        module("GerbangCore", ["GerbangJSON", "GerbangSchemas", .httpTypes]),
        .target(
            name: "GerbangXML",
            dependencies: ["CLibXML2"],
            swiftSettings: settings + [.strictMemorySafety()]
        ),
        module("GerbangSOAP", ["GerbangCore", "GerbangJSON", "GerbangXML"]),
        module("GerbangSchema", ["CValijson", "GerbangJSON"]),
        module("GerbangExpression", ["CRE2", "GerbangCore", "GerbangJSON", .crypto]),
        module("GerbangHTTP", ["CCurl", "GerbangCore", "GerbangJSON", .crypto, .cryptoExtras, .httpTypes]),
        module("GerbangWSSecurity", ["CXMLSec", "GerbangCore", "GerbangHTTP", "GerbangXML", .crypto, .httpTypes]),
        module(
            "GerbangEngine",
            ["GerbangCore", "GerbangHTTP", "GerbangJSON", "GerbangSchema", .crypto, .logging, .metrics]
        ),
        module(
            "GerbangRemote",
            ["GerbangCore", "GerbangHTTP", "GerbangJSON", "GerbangSchema", .crypto, .httpTypes]
        ),
        module("GerbangSQLite", ["GerbangCore", "GerbangEngine", "GerbangJSON", .grdb]),
        module("GerbangTesting", ["GerbangCore", "GerbangEngine", "GerbangJSON", .httpTypes]),

        // The daemon.
        module("GerbangObservability", [.coreMetrics, .logging]),
        module("GerbangYAML", ["GerbangJSON", .yams]),
        module(
            "GerbangManifest",
            [
                "CZlib", "GerbangCore", "GerbangExpression", "GerbangJSON", "GerbangSOAP", "GerbangSchema",
                "GerbangXML",
                "GerbangYAML", .crypto, .cryptoExtras, .httpTypes,
            ]
        ),
        module(
            "GerbangConfiguration",
            [
                "GerbangCore", "GerbangEngine", "GerbangExpression", "GerbangHTTP", "GerbangJSON", "GerbangManifest",
                "GerbangWSSecurity", "GerbangYAML", .crypto, .httpTypes, .logging,
            ]
        ),
        module(
            "AdapterConformance",
            [
                "GerbangConfiguration", "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON",
                "GerbangManifest", "GerbangSchema", "GerbangTesting", "GerbangYAML", .crypto, .httpTypes,
            ]
        ),
        module(
            "AdapterTooling",
            ["GerbangCore", "GerbangJSON", "GerbangManifest", "GerbangSchema", "GerbangYAML", .httpTypes]
        ),
        module(
            "GerbangRegistration",
            [
                "GerbangCore", "GerbangEngine", "GerbangJSON", "GerbangManifest", "GerbangRemote", .logging,
            ]
        ),
        module(
            "GerbangServer",
            [
                "GerbangCore", "GerbangEngine", "GerbangJSON", "GerbangRegistration", "GerbangSOAP", "GerbangSchemas",
                "GerbangXML", .crypto,
                .httpTypes, .hummingbirdCore, .logging, .metrics, .nioCore, .nioHTTPTypes, .nioPosix, .serviceLifecycle,
            ]
        ),
        .target(
            name: "AllAdapters",
            dependencies: ["GerbangCore", "DukcapilAdapter", "OSSAdapter", "SATUSEHATAdapter", "TransportAdapter"],
            path: "Adapters/AllAdapters",
            swiftSettings: settings
        ),

        // What the adapters of this build are proven with.
        .target(
            name: "AdapterTestData",
            dependencies: ["GerbangCore", "GerbangJSON"],
            path: "Adapters/TestData",
            resources: [
                .embedInCode("dukcapil.json"), .embedInCode("oss.json"), .embedInCode("satusehat.json"),
                .embedInCode("transport.json"),
            ],
            swiftSettings: settings
        ),

        // For MPP backends: the gateway in their own process, or the daemon from it.
        module(
            "Gerbang",
            [
                "AllAdapters", "GerbangConfiguration", "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON",
                "GerbangSQLite", .logging, .serviceLifecycle,
            ]
        ),
        module("GerbangClient", ["GerbangCore", "GerbangHTTP", "GerbangJSON", .httpTypes]),

        .executableTarget(
            name: "gerbang",
            dependencies: [
                "AdapterConformance", "AdapterTestData", "AdapterTooling", "AllAdapters", "DukcapilSimulator",
                "Gerbang",
                "GerbangClient", "GerbangConfiguration", "GerbangCore", "GerbangEngine", "GerbangExpression",
                "GerbangHTTP", "GerbangJSON", "GerbangManifest",
                "GerbangObservability", "GerbangRegistration", "GerbangRemote", "GerbangSOAP", "GerbangSQLite",
                "GerbangServer", "GerbangTesting", "GerbangXML",
                "OSSSimulator", "SATUSEHATSimulator", "TransportSimulator", .argumentParser, .coreMetrics, .httpTypes,
                .logging, .serviceLifecycle, .unixSignals,
            ],
            path: "Sources/gerbang-cli",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "gerbang-benchmarks",
            dependencies: [
                "AllAdapters", "CLibXML2", "DukcapilAdapter", "DukcapilSimulator", "Gerbang", "GerbangClient",
                "GerbangConfiguration", "GerbangCore", "GerbangEngine", "GerbangExpression", "GerbangHTTP",
                "GerbangJSON", "GerbangManifest", "GerbangSOAP", "GerbangSchema", "GerbangServer", "GerbangSQLite",
                "GerbangTesting",
                "OSSSimulator", "SATUSEHATSimulator", "TransportAdapter", "TransportSimulator", .argumentParser, .grdb,
                .httpTypes, .hummingbirdCore, .logging, .nioCore, .nioPosix, .serviceLifecycle,
            ],
            path: "Tests/Benchmarks/Sources",
            swiftSettings: settings
        ),
    ]
        + [
            // Quoted in Docs/WritingAnAdapter.md.
            .target(
                name: "VehicleAdapter",
                dependencies: ["GerbangCore", "GerbangJSON", .httpTypes],
                path: "Docs/Examples/VehicleAdapter",
                swiftSettings: settings
            ),
            // Quoted in README.md.
            .executableTarget(
                name: "Embedding",
                dependencies: ["Gerbang"],
                path: "Docs/Examples/Embedding",
                swiftSettings: settings
            ),
            // A backend of a mall, with one form.
            .executableTarget(
                name: "MPPBackend",
                dependencies: [
                    "DukcapilSimulator", "Gerbang", "GerbangClient", .argumentParser, .hummingbird, .logging, .nioCore,
                    .serviceLifecycle,
                ],
                path: "Docs/Examples/MPPBackend",
                swiftSettings: settings
            ),
            // Random inputs for what reads text: a short run in the tests, a long one with Tests/Fuzz/run.
            .target(
                name: "GerbangFuzzing",
                dependencies: ["GerbangCore", "GerbangExpression", "GerbangJSON", "GerbangManifest", "GerbangSOAP"],
                path: "Tests/Fuzz/Library",
                swiftSettings: settings
            ),
            .executableTarget(
                name: "gerbang-fuzz",
                dependencies: ["GerbangFuzzing", .argumentParser],
                path: "Tests/Fuzz/Command",
                swiftSettings: settings
            ),
            // A remote adapter in Swift; Docs/RemoteAdapters.md.
            .executableTarget(
                name: "RemoteInspection",
                dependencies: [
                    "GerbangCore", "GerbangHTTP", "GerbangJSON", "GerbangRemote", .argumentParser, .httpTypes,
                    .hummingbird, .logging, .nioCore,
                ],
                path: "Docs/Examples/RemoteInspection",
                exclude: ["adapter.json"],
                swiftSettings: settings
            ),
            tests("DocumentationTests", ["GerbangCore", "GerbangJSON", "VehicleAdapter"]),
        ]
        + agency("Dukcapil", hasManifest: true)
        + agency("OSS")
        + agency("SATUSEHAT")
        + agency("Transport", ["GerbangSchemas", "GerbangXML", .crypto], hasManifest: true, more: ["Contract"])
        + [
            tests("GerbangCoreTests", ["GerbangCore", "GerbangJSON", "GerbangSchemas", "GerbangTesting", .httpTypes]),
            tests("GerbangJSONTests", ["GerbangJSON"]),
            tests("GerbangTests", ["DukcapilSimulator", "Gerbang", "GerbangTesting", .logging, .serviceLifecycle]),
            tests(
                "GerbangClientTests",
                [
                    "DukcapilSimulator", "Gerbang", "GerbangClient", "GerbangServer", "GerbangTesting", .httpTypes,
                    .logging,
                    .serviceLifecycle,
                ]
            ),
            tests(
                "ExampleTests",
                [
                    "DukcapilSimulator", "Embedding", "Gerbang", "GerbangCore", "GerbangEngine", "GerbangHTTP",
                    "GerbangJSON", "GerbangRegistration", "GerbangRemote", "GerbangServer", "GerbangTesting",
                    "MPPBackend", "RemoteInspection", .httpTypes, .hummingbird, .logging,
                    .nioCore, .serviceLifecycle,
                ]
            ),
            tests("GerbangExpressionTests", ["GerbangExpression", "GerbangFuzzing", "GerbangJSON"]),
            tests(
                "GerbangManifestTests",
                [
                    "AdapterConformance", "GerbangCore", "GerbangFuzzing", "GerbangJSON", "GerbangManifest",
                    "GerbangSOAP",
                    "GerbangSchema", "GerbangXML", "GerbangYAML", .httpTypes,
                ]
            ),
            tests(
                "GerbangSQLiteTests",
                [
                    "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON", "GerbangSQLite", "GerbangTesting",
                    .grdb,
                ]
            ),
            tests(
                "GerbangConfigurationTests",
                [
                    "GerbangConfiguration", "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON",
                    "GerbangTesting", .httpTypes,
                ]
            ),
            tests(
                "AgencyTests",
                [
                    "AllAdapters", "DukcapilSimulator", "GerbangConfiguration", "GerbangCore", "GerbangEngine",
                    "GerbangHTTP", "GerbangJSON", "GerbangTesting", "OSSSimulator", "SATUSEHATSimulator",
                    "TransportSimulator",
                ]
            ),
            tests("GerbangXMLTests", ["GerbangXML"]),
            .testTarget(
                name: "GerbangSOAPTests",
                dependencies: [
                    "GerbangCore", "GerbangFuzzing", "GerbangJSON", "GerbangSOAP", "GerbangSchema", "GerbangTesting",
                    "GerbangXML",
                ],
                exclude: ["Fixtures"],
                swiftSettings: settings
            ),
            tests("GerbangYAMLTests", ["GerbangJSON", "GerbangYAML"]),
            // Libraries that nobody here wrote, at both ends of SOAP.
            tests(
                "SOAPPeerTests",
                [
                    "gerbang", "Gerbang", "GerbangHTTP", "GerbangSQLite", "GerbangServer", "GerbangTesting",
                    "TransportSimulator", .argumentParser, .httpTypes, .logging, .serviceLifecycle,
                ]
            ),
            tests(
                "GerbangWSSecurityTests",
                [
                    "GerbangConfiguration", "GerbangCore", "GerbangHTTP", "GerbangJSON", "GerbangTesting",
                    "GerbangWSSecurity", "GerbangXML", .crypto, .httpTypes,
                ]
            ),
            tests("GerbangSchemaTests", ["GerbangJSON", "GerbangSchema"]),
            tests("GerbangHTTPTests", ["GerbangCore", "GerbangHTTP", "GerbangJSON", "GerbangTesting", .httpTypes]),
            tests(
                "AdapterConformanceTests",
                [
                    "AdapterConformance", "AdapterTestData", "AllAdapters", "GerbangCore", "GerbangJSON",
                    "GerbangManifest", "GerbangSchema", "VehicleAdapter", .httpTypes,
                ]
            ),
            tests(
                "AdapterToolingTests",
                [
                    "AdapterConformance", "AdapterTooling", "GerbangCore", "GerbangJSON", "GerbangManifest",
                    "GerbangSchema", "GerbangSchemas", .httpTypes,
                ]
            ),
            tests("GerbangTestingTests", ["GerbangTesting", .httpTypes]),
            tests(
                "GerbangRegistrationTests",
                [
                    "GerbangCore", "GerbangEngine", "GerbangJSON", "GerbangRegistration", "GerbangRemote",
                    "GerbangTesting", .logging,
                ]
            ),
            tests(
                "GerbangRemoteTests",
                [
                    "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON", "GerbangRemote", "GerbangSchema",
                    "GerbangTesting", .httpTypes, .logging,
                ]
            ),
            tests(
                "GerbangServerTests",
                [
                    "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON", "GerbangRegistration",
                    "GerbangRemote", "GerbangSOAP", "GerbangSchema", "GerbangSchemas", "GerbangServer", "GerbangXML",
                    .httpTypes, .logging, .serviceLifecycle,
                ]
            ),
            tests(
                "GerbangCLITests",
                [
                    "gerbang", "GerbangClient", "GerbangConfiguration", "GerbangCore", "GerbangEngine", "GerbangHTTP",
                    "GerbangJSON", "GerbangSchema", "GerbangTesting", .argumentParser, .httpTypes,
                ]
            ),
            tests("GerbangObservabilityTests", ["GerbangObservability", .coreMetrics, .logging]),
            tests(
                "GerbangEngineTests",
                ["GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON", "GerbangTesting", .httpTypes, .logging]
            ),
            tests(
                "CrashTests",
                [
                    "gerbang", "DukcapilSimulator", "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON",
                    "GerbangRemote", "GerbangSQLite", "GerbangServer", "GerbangTesting", "OSSSimulator",
                    "SATUSEHATSimulator",
                    "TransportSimulator", .crypto, .httpTypes,
                ]
            ),
        ],
    cxxLanguageStandard: .cxx17
)
