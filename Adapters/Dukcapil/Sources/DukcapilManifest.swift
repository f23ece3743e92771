extension DukcapilAdapter {
    /// The same adapter as a manifest: the text of `adapter.yaml`, compiled in.
    public static var manifest: String { String(decoding: PackageResources.adapter_yaml, as: UTF8.self) }
}
