package dev.steadfast.conformance

import dev.steadfast.ActivityKind
import dev.steadfast.MetricKind
import dev.steadfast.MetricUnit

/** What values say of themselves, without a client. */
fun valuesCall(verb: String, arguments: Arguments): Call? =
    when (verb) {
        "is_indoor" -> arguments.name<ActivityKind>("kind").let { { it.isIndoor() } }
        "metric_base_unit" -> arguments.name<MetricKind>("kind").let { { it.baseUnit() } }
        "metric_units" -> arguments.name<MetricKind>("kind").let { { it.units() } }
        "metric_bounds" -> arguments.name<MetricKind>("kind").let { { it.bounds() } }
        "quantity_si" ->
            arguments.number("quantity").let { quantity ->
                arguments.name<MetricUnit>("unit").let { { it.quantitySi(quantity) } }
            }
        "quantity_of_si" ->
            arguments.number("quantity_si").let { quantitySi ->
                arguments.name<MetricUnit>("unit").let { { it.quantityOfSi(quantitySi) } }
            }
        "kilograms" -> arguments.objectOf("weight", ::weight).let { { it.kilograms() } }
        else -> null
    }
