import Steadfast

/// The verbs of values, which need no client.
extension ScenarioApp {
    func look(_ verb: String, _ arguments: Arguments) async throws -> JSON? {
        let kind = { try arguments.neededName("kind", MetricKind.self) }
        let unit = { try arguments.neededName("unit", MetricUnit.self) }
        switch verb {
        case "is_indoor": return try seen(arguments.neededName("kind", ActivityKind.self).isIndoor())
        case "metric_base_unit": return try seen(kind().baseUnit())
        case "metric_units": return try seen(kind().units())
        case "metric_bounds": return try seen(kind().bounds() as Any)
        case "quantity_si": return try seen(unit().quantitySi(quantity: arguments.neededNumber("quantity")) as Any)
        case "quantity_of_si": return try seen(unit().quantityOfSi(quantitySi: arguments.neededNumber("quantity_si")) as Any)
        case "kilograms": return try seen(arguments.object("weight", Weight.init).kilograms())
        default: return nil
        }
    }
}
