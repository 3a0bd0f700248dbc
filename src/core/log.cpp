#include <coroom/log.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace coroom::log {
namespace {

Format chosen_format = Format::text;
Sink chosen_sink;

constexpr const char* text_pattern = "%Y-%m-%dT%H:%M:%S.%e%z %-7l %v";
constexpr const char* json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

std::unique_ptr<spdlog::logger> make_logger() {
  auto made = std::make_unique<spdlog::logger>("coroom", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  made->flush_on(spdlog::level::debug);
  made->set_pattern(text_pattern);
  return made;
}

spdlog::logger& logger() {
  static const std::unique_ptr<spdlog::logger> instance = make_logger();
  return *instance;
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

}  // namespace

void configure(Level level, Format format) {
  chosen_format = format;
  logger().set_level(to_spdlog(level));
  logger().set_pattern(format == Format::json ? json_pattern : text_pattern);
}

void redirect(Sink sink) {
  chosen_sink = std::move(sink);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const auto wanted = to_spdlog(level);
  if (!logger().should_log(wanted)) return;
  try {
    const std::string line =
        chosen_format == Format::json ? as_json_members(event, fields) : as_text(event, fields);
    if (chosen_sink) return chosen_sink(level, line);
    logger().log(wanted, spdlog::string_view_t(line.data(), line.size()));
  } catch (...) {  // NOLINT(bugprone-empty-catch): for want of memory, say; there is nowhere to tell it
  }
}

}  // namespace coroom::log
