import DemoModels
import Steadfast
import SwiftUI

/// A room of the training tab.
private enum TrainingRoom: String, CaseIterable, Hashable {
    case programs = "Programs"
    case strength = "Strength"
    case metrics = "Metrics"
    case habits = "Habits"

    /// The name of a system symbol for it.
    var symbol: String {
        switch self {
        case .programs: "calendar"
        case .strength: "dumbbell"
        case .metrics: "chart.xyaxis.line"
        case .habits: "checklist"
        }
    }
}

/// The way to everything that is tracked beside recordings.
struct TrainingView: View {
    let training: TrainingModels
    let settings: DemoSettings

    var body: some View {
        NavigationStack {
            List {
                ForEach(TrainingRoom.allCases, id: \.self) { room in
                    NavigationLink(value: room) {
                        Label(room.rawValue, systemImage: room.symbol)
                    }
                }
            }
            .navigationTitle("Training")
            .navigationDestination(for: TrainingRoom.self) { room in
                switch room {
                case .programs: ProgramView(program: training.program, settings: settings)
                case .strength: StrengthView(strength: training.strength, program: training.program, settings: settings)
                case .metrics: MetricsView(metrics: training.metrics, settings: settings)
                case .habits: HabitsView(habits: training.habits, settings: settings)
                }
            }
            .navigationDestination(for: ProgramDay.self) { day in
                WorkoutLogView(log: training.strength.log(of: day, unit: settings.weightUnit), movements: training.strength.movements)
            }
        }
    }
}
