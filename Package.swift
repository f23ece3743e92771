// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "gerbang",
    products: [
        .library(name: "GerbangCore", targets: ["GerbangCore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "GerbangSchemas",
            path: "Schemas",
            exclude: [],
            sources: ["GerbangSchemas.swift"],
            resources: [
                .embedInCode("regions.csv"),
                .embedInCode("services"),
            ],
            swiftSettings: settings
        ),
        .target(name: "GerbangJSON", swiftSettings: settings),
        .target(
            name: "GerbangCore",
            dependencies: [
                "GerbangJSON",
                "GerbangSchemas",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: settings
        ),
        .target(name: "GerbangSchema", dependencies: ["GerbangJSON"], path: ".build-stub/GerbangSchema", swiftSettings: settings),
        .target(name: "GerbangHTTP", dependencies: ["GerbangCore", .product(name: "HTTPTypes", package: "swift-http-types")], path: ".build-stub/GerbangHTTP", swiftSettings: settings),
        .target(
            name: "GerbangEngine",
            dependencies: [
                "GerbangCore",
                "GerbangHTTP",
                "GerbangJSON",
                "GerbangSchema",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "GerbangSQLite",
            dependencies: [
                "GerbangCore", "GerbangEngine", "GerbangJSON",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "GerbangConfiguration",
            dependencies: [
                "GerbangCore", "GerbangEngine", "GerbangHTTP", "GerbangJSON",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "GerbangServer",
            dependencies: [
                "GerbangCore", "GerbangEngine", "GerbangJSON", "GerbangSchemas",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "gerbang-cli",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
    ]
)
