#include "log/line_writer.hpp"
#include "log/log_pace.hpp"

#include <coroom/log.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace coroom::logging {
namespace {

Format chosen_format = Format::text;
Sink chosen_sink;

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v";
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

constexpr std::size_t queue_limit = 1024 * 1024;  // bytes of queued lines
constexpr std::chrono::milliseconds flush_limit{500};
constexpr std::chrono::seconds between_summaries{10};

// No object here is ever destroyed, since the writer's thread may use it until the process ends.

std::string line_of_losses(std::uint64_t lost);

detail::log::LineWriter& writer() {
  static detail::log::LineWriter& instance =
      *new detail::log::LineWriter(STDERR_FILENO, queue_limit, line_of_losses);
  return instance;
}

/// Passes lines with time and level to the writer.
class QueueSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::string line_of(spdlog::level::level_enum level, std::string_view text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return format({"coroom", level, spdlog::string_view_t(text.data(), text.size())});
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override { writer().write(format(message)); }
  void flush_() override {}

 private:
  std::string format(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    return {line.data(), line.size()};
  }
};

QueueSink& sink() {
  static QueueSink& instance = *new QueueSink();
  return instance;
}

spdlog::logger& logger() {
  static spdlog::logger& instance = *[] {
    // The sink is never destroyed either.
    auto made = std::make_unique<spdlog::logger>("coroom", std::shared_ptr<QueueSink>(&sink(), [](auto*) {}));
    made->set_pattern(text_pattern);
    std::atexit([] { flush(flush_limit); });
    return made.release();
  }();
  return instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::off:
      break;
  }
  return spdlog::level::off;
}

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::value(text));
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char byte) {
    return byte > ' ' && byte != '"' && byte != '=' && byte != '\\' && byte != 0x7f;
  });
}

std::string as_text(std::string_view event, std::initializer_list<Field> fields) {
  std::string line(event);
  for (const Field& field : fields) {
    line.append(" ").append(field.key).append("=");
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      const std::string_view text = std::get<std::string_view>(field.value);
      line += is_plain(text) ? std::string(text) : quoted(text);
    }
  }
  return line;
}

std::string as_json_members(std::string_view event, std::initializer_list<Field> fields) {
  std::string line = R"("event":)" + quoted(event);
  for (const Field& field : fields) {
    line.append(",").append(quoted(field.key)).append(":");
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      line += std::to_string(*number);
    } else {
      line += quoted(std::get<std::string_view>(field.value));
    }
  }
  return line;
}

std::string text_of(std::string_view event, std::initializer_list<Field> fields) {
  return chosen_format == Format::json ? as_json_members(event, fields) : as_text(event, fields);
}

std::string line_of_losses(std::uint64_t lost) {
  return sink().line_of(spdlog::level::warn, text_of("log lines lost", {{"lines", lost}}));
}

void put(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const auto wanted = to_spdlog(level);
  if (!logger().should_log(wanted)) return;
  const std::string line = text_of(event, fields);
  if (chosen_sink) {
    try {
      return chosen_sink(level, line);
    } catch (...) {  // from the program's sink; it cannot be logged
      return;
    }
  }
  logger().log(wanted, spdlog::string_view_t(line.data(), line.size()));
}

/// The rate limit of all lines, shared by all threads.
class Gate {
 public:
  void limit(std::size_t lines_per_second) {
    const std::lock_guard<std::mutex> lock(mutex_);
    pace_ = detail::log::LogPace(lines_per_second, std::random_device()());
  }

  bool admits(std::string_view event, std::string_view peer) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard<std::mutex> lock(mutex_);
    const bool began = !pace_.has_suppressed();
    if (pace_.admits(event, peer, now)) return true;
    ++suppressed_;
    if (began) {
      summary_at_ = now + between_summaries;
      summary_due_ = true;
      // With a sink of the program, the summary is written before the next line instead.
      if (!chosen_sink) writer().call_at(summary_at_, [this] { summarize(); });
    }
    return false;
  }

  /// Logs the suppressed lines if the summary is due.
  void summarize_if_due() {
    if (!summary_due_) return;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (std::chrono::steady_clock::now() < summary_at_) return;
    }
    summarize();
  }

  void summarize() {
    std::vector<detail::log::LogPace::Suppressed> all;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      all = pace_.take_suppressed();
      summary_due_ = false;
    }
    for (const auto& [event, lines] : all)
      put(Level::warning, "suppressed", {{"event", event}, {"lines", lines}});
  }

  [[nodiscard]] std::uint64_t suppressed() const { return suppressed_; }

 private:
  std::mutex mutex_;
  detail::log::LogPace pace_{default_rate, std::random_device()()};
  detail::log::LogPace::TimePoint summary_at_;
  std::atomic<bool> summary_due_ = false;
  std::atomic<std::uint64_t> suppressed_ = 0;
};

Gate& gate() {
  static Gate& instance = *new Gate();
  return instance;
}

std::string_view peer_in(std::initializer_list<Field> fields) {
  const auto* found = std::ranges::find(fields, std::string_view("peer"), &Field::key);
  const auto* text = found == fields.end() ? nullptr : std::get_if<std::string_view>(&found->value);
  return text == nullptr ? std::string_view() : *text;
}

}  // namespace

void configure(Level level, Format format) {
  chosen_format = format;
  logger().set_level(to_spdlog(level));
  logger().set_pattern(format == Format::json ? json_pattern : text_pattern);
}

void redirect(Sink sink) {
  chosen_sink = std::move(sink);
}

void limit_rate(std::size_t lines_per_second) {
  gate().limit(lines_per_second);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (!logger().should_log(to_spdlog(level))) return;
  try {
    gate().summarize_if_due();
    if (level == Level::debug || gate().admits(event, peer_in(fields))) put(level, event, fields);
  } catch (...) {  // NOLINT(bugprone-empty-catch): such as out of memory; it cannot be logged
  }
}

void record(std::string_view event, std::initializer_list<Field> fields) {
  put(Level::info, event, fields);
}

bool flush(std::chrono::milliseconds limit) {
  gate().summarize();
  return writer().flush(limit);
}

Unwritten unwritten() {
  return {.lost = writer().lost(), .suppressed = gate().suppressed()};
}

}  // namespace coroom::logging
