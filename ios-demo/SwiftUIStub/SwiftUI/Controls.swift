// A stand-in for SwiftUI, for type-checking only. It has no behaviour and proves the views against these signatures, not Apple's.
// swift-format-ignore-file

public struct Text: Primitive, Equatable {
    public init(_ key: LocalizedStringKey, comment: StaticString? = nil) {}
    @_disfavoredOverload public init<S: StringProtocol>(_ content: S) {}
    public init(verbatim content: String) {}
    public func font(_ font: Font?) -> Text { self }
    public func bold() -> Text { self }
    public func monospacedDigit() -> Text { self }
}
public struct Image: Primitive {
    public init(systemName: String) {}
    public init(_ name: String) {}
}
public struct Label<Title: View, Icon: View>: Primitive {
    public init(@ViewBuilder title: () -> Title, @ViewBuilder icon: () -> Icon) {}
}
extension Label where Title == Text, Icon == Image {
    public init(_ key: LocalizedStringKey, systemImage name: String) {}
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, systemImage name: String) {}
}
public struct Spacer: Primitive { public init(minLength: CGFloat? = nil) {} }
public struct Divider: Primitive { public init() {} }

public struct ProgressView<L: View, Current: View>: Primitive {}
extension ProgressView where Current == EmptyView {
    public init() where L == EmptyView {}
    public init(@ViewBuilder label: () -> L) {}
    public init(_ key: LocalizedStringKey) where L == Text {}
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S) where L == Text {}
    public init<V: BinaryFloatingPoint>(value: V?, total: V = 1.0) where L == EmptyView {}
    public init<V: BinaryFloatingPoint>(value: V?, total: V = 1.0, @ViewBuilder label: () -> L) {}
}

public struct Button<L: View>: Primitive {
    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {}
    public init(role: ButtonRole?, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {}
}
extension Button where L == Text {
    public init(_ key: LocalizedStringKey, action: @escaping @MainActor () -> Void) {}
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, action: @escaping @MainActor () -> Void) {}
    public init(_ key: LocalizedStringKey, role: ButtonRole?, action: @escaping @MainActor () -> Void) {}
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, role: ButtonRole?, action: @escaping @MainActor () -> Void) {}
}
extension Button where L == Label<Text, Image> {
    public init(_ key: LocalizedStringKey, systemImage: String, action: @escaping @MainActor () -> Void) {}
    @_disfavoredOverload public init<S: StringProtocol>(_ title: S, systemImage: String, action: @escaping @MainActor () -> Void) {}
    public init(_ key: LocalizedStringKey, systemImage: String, role: ButtonRole?, action: @escaping @MainActor () -> Void) {}
}
public struct Menu<L: View, Content: View>: Primitive {
    public init(@ViewBuilder content: () -> Content, @ViewBuilder label: () -> L) {}
}
extension Menu where L == Text {
    public init(_ key: LocalizedStringKey, @ViewBuilder content: () -> Content) {}
}
public struct TextField<L: View>: Primitive {}
extension TextField where L == Text {
    public init(_ key: LocalizedStringKey, text: Binding<String>) {}
    public init(_ key: LocalizedStringKey, text: Binding<String>, axis: Axis) {}
}
public struct Toggle<L: View>: Primitive {}
extension Toggle where L == Text { public init(_ key: LocalizedStringKey, isOn: Binding<Bool>) {} }
public struct Picker<L: View, Selection: Hashable, Content: View>: Primitive {}
extension Picker where L == Text {
    public init(_ key: LocalizedStringKey, selection: Binding<Selection>, @ViewBuilder content: () -> Content) {}
}
public struct DatePickerComponents: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let hourAndMinute = DatePickerComponents(rawValue: 1)
    public static let date = DatePickerComponents(rawValue: 2)
}
public struct DatePicker<L: View>: Primitive {}
extension DatePicker where L == Text {
    public init(_ key: LocalizedStringKey, selection: Binding<Date>, displayedComponents: DatePickerComponents = [.hourAndMinute, .date]) {}
}
public struct LabeledContent<L: View, Content: View>: Primitive {}
extension LabeledContent where L == Text, Content == Text {
    public init<S: StringProtocol>(_ key: LocalizedStringKey, value: S) {}
}
public struct DefaultShareLinkLabel: Primitive { init() {} }
public struct ShareLink<Data, PreviewImage, PreviewIcon, L: View>: Primitive {}
extension ShareLink where Data == CollectionOfOne<URL>, PreviewImage == Never, PreviewIcon == Never, L == DefaultShareLinkLabel {
    public init(item: URL, subject: Text? = nil, message: Text? = nil) {}
}

public protocol PrimitiveButtonStyle {}
public struct BorderedProminentButtonStyle: PrimitiveButtonStyle {}
public struct BorderedButtonStyle: PrimitiveButtonStyle {}
public struct BorderlessButtonStyle: PrimitiveButtonStyle {}
extension PrimitiveButtonStyle where Self == BorderedProminentButtonStyle {
    public static var borderedProminent: BorderedProminentButtonStyle { stub() }
}
extension PrimitiveButtonStyle where Self == BorderedButtonStyle { public static var bordered: BorderedButtonStyle { stub() } }
extension PrimitiveButtonStyle where Self == BorderlessButtonStyle {
    public static var borderless: BorderlessButtonStyle { stub() }
}
public protocol PickerStyle {}
public struct SegmentedPickerStyle: PickerStyle {}
public struct NavigationLinkPickerStyle: PickerStyle {}
extension PickerStyle where Self == SegmentedPickerStyle { public static var segmented: SegmentedPickerStyle { stub() } }
extension PickerStyle where Self == NavigationLinkPickerStyle { public static var navigationLink: NavigationLinkPickerStyle { stub() } }
public protocol LabelStyle {}
public struct TitleAndIconLabelStyle: LabelStyle {}
extension LabelStyle where Self == TitleAndIconLabelStyle { public static var titleAndIcon: TitleAndIconLabelStyle { stub() } }
public struct IconOnlyLabelStyle: LabelStyle {}
extension LabelStyle where Self == IconOnlyLabelStyle { public static var iconOnly: IconOnlyLabelStyle { stub() } }
public protocol TextSelectability {}
public struct EnabledTextSelectability: TextSelectability {}
extension TextSelectability where Self == EnabledTextSelectability { public static var enabled: EnabledTextSelectability { stub() } }
