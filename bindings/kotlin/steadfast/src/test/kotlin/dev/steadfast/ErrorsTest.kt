package dev.steadfast

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

class ErrorsTest {
    private fun raised(codeName: String) = assertFailsWith<SteadfastException> { raiseError(codeName) }

    @Test
    fun `every error has a readable message and words for a person`() {
        assertTrue(errorCodes().size > 40, "${errorCodes()}")
        for (code in errorCodes()) {
            val error = raised(code)
            assertEquals(code, error.codeName)
            assertEquals("${error.summary}: raised on request", error.message)
            assertEquals(error.message, error.toString())
            assertTrue(error.reason.endsWith(".") && error.suggestion.endsWith("."), "$code: ${error.reason} ${error.suggestion}")
        }
    }

    @Test
    fun `an error says how grave it is and whether to try again`() {
        assertEquals(Severity.WARNING, raised("too_few_samples").severity)
        assertEquals(Severity.CRITICAL, raised("storage_full").severity)
        assertTrue(raised("storage_busy").isRetryable)
        assertTrue(!raised("storage_corrupt").isRetryable)
        assertEquals("storage", raised("storage_locked").category)
    }

    @Test
    fun `the cases can be told apart, with their fields`() {
        val error = raised("invalid_argument")
        assertTrue(error is SteadfastException.Validation && error.field == "example" && error.code == ValidationCode.INVALID_ARGUMENT)
    }
}
