package dev.steadfast.android

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties.BLOCK_MODE_GCM
import android.security.keystore.KeyProperties.ENCRYPTION_PADDING_NONE
import android.security.keystore.KeyProperties.KEY_ALGORITHM_AES
import android.security.keystore.KeyProperties.PURPOSE_DECRYPT
import android.security.keystore.KeyProperties.PURPOSE_ENCRYPT
import android.util.AtomicFile
import dev.steadfast.RecoveryCode
import dev.steadfast.SteadfastException
import dev.steadfast.StorageCode
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.InvalidKeyException
import java.security.KeyStore
import java.security.ProviderException
import java.security.SecureRandom
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The 32 random bytes that seal unfinished workouts. They lie beside the data folder, wrapped by a key that never leaves the Keystore.
 *
 * Usable while the device is locked: a recording goes on in the pocket. A key that is lost is replaced only where nothing was sealed with it.
 */
internal class KeystoreRecoveryKey(private val dataDir: File) {
    private val file = AtomicFile(File(dataDir.parentFile, "${dataDir.name}-recovery-key"))

    /**
     * The key, made at the first call.
     *
     * @throws SteadfastException `recovery_key_missing` if it is lost and sealed recordings are there; `storage_io` if the Keystore or the file
     * does not answer now.
     */
    fun load(): ByteArray =
        orUnavailable {
            val lost =
                try {
                    return@orUnavailable unwrap(file.readFully())
                } catch (error: IOException) {
                    if (file.baseFile.exists()) throw error
                    "its file is not there"
                } catch (error: LostKeyException) {
                    error.message
                }
            if (holdsSealedRecordings(dataDir)) {
                throw SteadfastException.Recovery(RecoveryCode.KEY_MISSING, dataDir.path, "the recovery key is lost: $lost")
            }
            replace()
        }

    /** A new key in the place of whatever there was. What was sealed with the old one cannot be read again. */
    fun replace(): ByteArray =
        orUnavailable {
            val key = ByteArray(KEY_BYTES).also { SecureRandom().nextBytes(it) }
            val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.ENCRYPT_MODE, makeWrappingKey()) }
            val wrapped = byteArrayOf(VERSION) + cipher.iv + cipher.doFinal(key)
            file.baseFile.parentFile?.mkdirs()
            val stream = file.startWrite()
            try {
                stream.write(wrapped)
            } catch (error: IOException) {
                file.failWrite(stream)
                throw error
            }
            file.finishWrite(stream)
            // What cannot be read back must not seal anything.
            unwrap(file.readFully())
        }

    private fun unwrap(wrapped: ByteArray): ByteArray {
        if (wrapped.size != WRAPPED_BYTES || wrapped[0] != VERSION) throw LostKeyException("its file is damaged")
        try {
            val wrapping = keyStore().getKey(ALIAS, null) as? SecretKey ?: throw LostKeyException("the Keystore does not hold it")
            val cipher = Cipher.getInstance(TRANSFORMATION)
            cipher.init(Cipher.DECRYPT_MODE, wrapping, GCMParameterSpec(TAG_BYTES * 8, wrapped, 1, IV_BYTES))
            return cipher.doFinal(wrapped, 1 + IV_BYTES, KEY_BYTES + TAG_BYTES)
        } catch (error: UnrecoverableKeyException) {
            throw LostKeyException("the Keystore cannot read it", error)
        } catch (error: InvalidKeyException) {
            throw LostKeyException("the Keystore does not let it be used any more", error)
        } catch (error: AEADBadTagException) {
            throw LostKeyException("the Keystore holds another key", error)
        }
    }

    private fun keyStore() = KeyStore.getInstance(PROVIDER).apply { load(null) }

    private fun makeWrappingKey(): SecretKey {
        val spec =
            KeyGenParameterSpec
                .Builder(ALIAS, PURPOSE_ENCRYPT or PURPOSE_DECRYPT)
                .setKeySize(KEY_BYTES * 8)
                .setBlockModes(BLOCK_MODE_GCM)
                .setEncryptionPaddings(ENCRYPTION_PADDING_NONE)
        // The default, and a must: a service restarted in the pocket has to open the journal.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) spec.setUnlockedDeviceRequired(false)
        return KeyGenerator.getInstance(KEY_ALGORITHM_AES, PROVIDER).apply { init(spec.build()) }.generateKey()
    }

    private fun <T> orUnavailable(call: () -> T): T =
        try {
            call()
        } catch (error: GeneralSecurityException) {
            throw unavailable(error)
        } catch (error: ProviderException) {
            throw unavailable(error)
        } catch (error: IOException) {
            throw unavailable(error)
        }

    private fun unavailable(cause: Exception) =
        SteadfastException.Storage(StorageCode.IO, file.baseFile.path, "the Keystore or the key's file: $cause").apply { initCause(cause) }

    private class LostKeyException(message: String, cause: Throwable? = null) : GeneralSecurityException(message, cause)

    companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val ALIAS = "dev.steadfast.recovery"
        private const val TRANSFORMATION = "AES/GCM/NoPadding"
        private const val VERSION: Byte = 1
        private const val KEY_BYTES = 32
        private const val IV_BYTES = 12
        private const val TAG_BYTES = 16
        private const val WRAPPED_BYTES = 1 + IV_BYTES + KEY_BYTES + TAG_BYTES
    }
}
