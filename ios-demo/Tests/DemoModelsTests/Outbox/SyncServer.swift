import Foundation
import Steadfast

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A sync server on a socket of this machine, for as much of `protocol/src/push.rs` as a story needs. It unpacks no request: the story says
/// what becomes of which change, and every push is answered with that.
final class SyncServer: @unchecked Sendable {
    private let listening: Int32
    private let port: UInt16
    private let lock = NSLock()
    private var results: [[String: Any]] = []
    private var pushCount = 0

    /// Listens from now on.
    init() throws {
        #if canImport(Glibc)
            let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let listening = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listening, address, length) == 0 && listen(listening, 8) == 0 && getsockname(listening, address, &length) == 0
            }
        }
        guard listening >= 0, bound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.listening = listening
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while case let connection = accept(listening, nil, nil), connection >= 0 {
                self?.answer(connection)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listening, Int32(SHUT_RDWR))
        close(listening)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Requests to take changes so far.
    var pushes: Int { lock.withLock { pushCount } }

    /// From now on this change is refused for good.
    func reject(_ event: OutboxEvent, code: String, message: String) {
        tell(["id": event.opId.uuidString, "status": "rejected", "code": code, "message": message])
    }

    /// From now on this change is to come again later.
    func postpone(_ event: OutboxEvent, code: String) {
        tell(["id": event.opId.uuidString, "status": "retry", "code": code])
    }

    /// From now on this change is taken: the server holds what it says.
    func take(_ event: OutboxEvent) throws {
        let edits = try JSONSerialization.jsonObject(with: Data(event.fields.utf8)) as? [String: [String: Any]] ?? [:]
        let fields = edits.mapValues { ["value": $0["value"] ?? NSNull(), "stamp": "1780315200000-1-1"] }
        let row: [String: Any] = ["entity_kind": event.entityKind, "entity_id": event.entityId.uuidString, "fields": fields]
        tell(["id": event.opId.uuidString, "status": "applied", "rows": [row]])
    }

    private func tell(_ result: [String: Any]) { lock.withLock { results = [result] } }

    private func answer(_ connection: Int32) {
        guard let request = Self.read(connection) else { return }
        var reply: [String: Any] = ["now": 1_780_315_200_000, "epoch": 1]
        if request.hasPrefix("POST /v1/push ") {
            reply["results"] = lock.withLock {
                pushCount += 1
                return results
            }
        } else {
            reply.merge(["rows": [Any](), "next_cursor": 0, "has_more": false]) { first, _ in first }
        }
        guard let body = try? JSONSerialization.data(withJSONObject: reply) else { return }
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        Array(Data(head.utf8) + body).withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = write(connection, bytes.baseAddress?.advanced(by: sent), bytes.count - sent)
                if count <= 0 { return }
                sent += count
            }
        }
    }

    /// The head of a request, once its body has come as well; nothing if the connection ends before.
    private static func read(_ connection: Int32) -> String? {
        var received = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        let end = Data("\r\n\r\n".utf8)
        while true {
            if let head = received.range(of: end) {
                let text = String(decoding: received[..<head.lowerBound], as: UTF8.self)
                let length = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let expected = length.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                if received.count - head.upperBound >= expected { return text }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            received += buffer[..<count]
        }
    }
}
