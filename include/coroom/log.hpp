#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <variant>

/// The log of coroom: one line for each event, to standard error or to a Sink of the program (Tornado uses
/// Python's `logging`). Before configure() is called, events from level `info` on are written as text.
namespace coroom::logging {

/// The importance of an event. As a limit, it drops all events of lower levels; `off` drops all.
enum class Level { debug, info, warning, error, off };

/// The format of a line: `TIME level event key=value …`, or one JSON object.
enum class Format { text, json };

/// One named value of an event. It refers to its texts, which must exist until the call that gets it has
/// ended.
struct Field {
  /// Constructs a field with a text.
  ///@{
  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  ///@}

  /// Constructs a field with a number, as 64 bits with a sign.
  template <std::integral Number>
  Field(std::string_view name, Number number) : key(name), value(static_cast<std::int64_t>(number)) {}

  std::string_view key;  ///< short name in lower case, with underscores
  std::variant<std::string_view, std::int64_t> value;
};

/// Sets the lowest level that is written, and the format. Call it before the program starts other threads.
void configure(Level level, Format format);

/// Receives the lines of the log, without time, level and line break: `event key=value …`, or in JSON the
/// members of an object. Called on any thread, and on several at once. If it throws, the exception and the
/// line are dropped.
using Sink = std::function<void(Level level, std::string_view line)>;

/// Sends the lines to `sink` from now on, and no longer to standard error; nullptr reverses this. Call it
/// before other threads start, or after they have ended.
void redirect(Sink sink);

/// The maximum number of lines per second of one event, unless limit_rate() sets another.
constexpr std::size_t default_rate = 20;

/// Sets the maximum number of lines per second of one event, with a burst of ten seconds' worth. 0 means
/// unlimited. Lines of level `debug` are not limited. The events that one address
/// causes, as the field `peer` names it, may use a quarter of the rate.
///
/// Lines beyond the rate are dropped and counted, and a later line reports their number. Call it before other
/// threads start.
void limit_rate(std::size_t lines_per_second);

/// Writes an event of level `info` without the limit of the rate. It is for actions of operators and
/// moderators, which must not be lost. Any thread.
void record(std::string_view event, std::initializer_list<Field> fields = {});

/// Blocks until all lines so far are written to standard error. Returns false if that takes longer than
/// `limit`, because the reader of standard error has stalled. A program that ends by exit() or by returning
/// from main() flushes by itself.
bool flush(std::chrono::milliseconds limit);

/// The number of lines that were not written since the process started.
struct Unwritten {
  std::uint64_t lost = 0;  ///< lines that did not fit into the 1 MiB of lines that wait for standard error,
                           ///< or could not be written
  std::uint64_t suppressed = 0;  ///< lines over limit_rate()
};

/// Returns the number of lines that were not written. Any thread.
Unwritten unwritten();

/// Writes an event; debug(), info(), warning() and error() write one of their level. Any thread. Never
/// throws: a line that cannot be written is lost. Does not wait for standard error, to which a separate
/// thread writes.
///
/// `event` is a few fixed words, and variable data belongs into fields. The text of a message or a secret
/// must not be logged.
///@{
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}
///@}

}  // namespace coroom::logging
