# What `./dev bindings` changes in the generated Swift, because UniFFI 0.32 has no setting for it. `sed -f`, POSIX. Without it the package
# does not compile.

# Cases begin with a small letter, as everywhere in Swift.
/^enum SteadfastError:/,/^public func FfiConverterTypeSteadfastError_lower/{
s/^    case Validation(/    case validation(/
s/^    case Save(/    case save(/
s/^    case Storage(/    case storage(/
s/^    case Recovery(/    case recovery(/
s/^    case Transaction(/    case transaction(/
s/\.Validation(/.validation(/
s/\.Save(/.save(/
s/\.Storage(/.storage(/
s/\.Recovery(/.recovery(/
s/\.Transaction(/.transaction(/
}

# What these do is what they are called for; that their result is not used deserves no warning.
s/^open func addReadings(/@discardableResult &/
s/^open func addSamples(/@discardableResult &/
s/^open func lap(/@discardableResult &/
s/^open func pause(/@discardableResult &/
s/^open func resume(/@discardableResult &/
s/^open func resumeFresh(/@discardableResult &/
s/^open func resumeRecovered(/@discardableResult &/
/^open func start(.*->/s/^/@discardableResult /
/^open func stop(.*->/s/^/@discardableResult /
