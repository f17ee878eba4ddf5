// A stand-in for SwiftUI, for type-checking only. It has no behaviour and proves the views against these signatures, not Apple's.
// swift-format-ignore-file
@_exported import Foundation
@_exported import Observation

/// The value of everything that is declared here.
func stub<T>() -> T { fatalError("a stand-in for type-checking") }

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Self.Body { get }
}

extension Never: View { public var body: Never { return stub() } }

/// A view that SwiftUI draws itself.
public protocol Primitive: View where Body == Never {}
extension Primitive { public var body: Never { return stub() } }

extension Optional: View where Wrapped: View { public var body: Never { return stub() } }

public struct EmptyView: Primitive { public nonisolated init() {} }
public struct AnyView: Primitive { public init<V: View>(_ view: V) {} }
public struct TupleView<T>: Primitive { init() {} }
public struct _ConditionalContent<A: View, B: View>: Primitive { init() {} }
public struct Group<Content: View>: Primitive { public init(@ViewBuilder content: () -> Content) {} }

@resultBuilder public enum ViewBuilder {
    public static func buildExpression<V: View>(_ view: V) -> V { view }
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<V: View>(_ view: V) -> V { view }
    public static func buildBlock<each V: View>(_ view: repeat each V) -> TupleView<(repeat each V)> { stub() }
    public static func buildIf<V: View>(_ view: V?) -> V? { view }
    public static func buildEither<A: View, B: View>(first: A) -> _ConditionalContent<A, B> { stub() }
    public static func buildEither<A: View, B: View>(second: B) -> _ConditionalContent<A, B> { stub() }
    public static func buildLimitedAvailability<V: View>(_ view: V) -> AnyView { stub() }
}

@MainActor @preconcurrency public protocol Scene {}

@resultBuilder public enum SceneBuilder { public static func buildBlock<S: Scene>(_ scene: S) -> S { scene } }

@MainActor @preconcurrency public protocol App {
    associatedtype Body: Scene
    @SceneBuilder @MainActor @preconcurrency var body: Self.Body { get }
    @MainActor @preconcurrency init()
}
extension App { @MainActor @preconcurrency public static func main() { fatalError() } }

public struct WindowGroup<Content: View>: Scene { public init(@ViewBuilder content: () -> Content) {} }
public enum ScenePhase: Comparable, Sendable { case background, inactive, active }

@MainActor extension Scene {
    public func onChange<V: Equatable>(of value: V, initial: Bool = false, _ action: @escaping (V, V) -> Void) -> some Scene { self }
}

