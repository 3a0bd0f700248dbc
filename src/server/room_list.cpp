#include "server/room_list.hpp"

#include "centrifuge/channel_marks.hpp"
#include "server/listed_rooms.hpp"
#include "server/page_call.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::server {
namespace {

constexpr std::size_t most_rooms = 100;

// The list is made at most once a second: a look at every room delays clients that join.
constexpr std::chrono::seconds lifetime{1};

/// The cached response, made anew when it is too old. Any thread may use it.
class RoomList {
 public:
  RoomList(std::shared_ptr<const Namespaces> namespaces, bool anonymous)
      : namespaces_(std::move(namespaces)), open_(anonymous && is_open(namespaces_->others)) {}

  std::string text(const Application& application) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (!made_ || now - *made_ >= lifetime) {
      text_ = make(application);
      made_ = now;
    }
    return text_;
  }

 private:
  /// Returns whether a client without a token may join and read the presence.
  static bool is_open(const Namespace& rooms) {
    return rooms.options.presence && rooms.rules.subscribe.allows(true, false) &&
           rooms.rules.presence.allows(true, true);
  }

  /// The names of marked rooms contain IDs of users, or belong to rooms that are closed to strangers.
  [[nodiscard]] bool is_marked(std::string_view room) const {
    return !namespaces_->others.rules.ignore_marks && detail::centrifuge::has_marks(room);
  }

  [[nodiscard]] std::string make(const Application& application) const {
    boost::json::array rooms;
    if (open_) {
      ListedRooms listed;
      const auto is_listed = [this, &listed](const RoomCandidate& room) {
        return namespaces_->is_in_default(room.name) && !is_marked(room.name) && listed.take(room);
      };
      for (const RoomSize& room : application.fullest_rooms(most_rooms, is_listed))
        rooms.push_back(boost::json::object{{"name", room.name}, {"people", room.users}});
    }
    return boost::json::serialize(boost::json::object{{"rooms", std::move(rooms)}, {"public", open_}});
  }

  std::shared_ptr<const Namespaces> namespaces_;
  bool open_;
  std::mutex mutex_;  // guards the members below
  std::optional<std::chrono::steady_clock::time_point> made_;
  std::string text_;
};

class RoomListHandler final : public PageCall {
 public:
  RoomListHandler(std::shared_ptr<RoomList> list, detail::auth::OriginPolicy origins)
      : PageCall(std::move(origins)), list_(std::move(list)) {}

  task<> get() override {
    set_header("Content-Type", "application/json");
    write(std::string_view(list_->text(application())));
    co_return;
  }

 private:
  std::shared_ptr<RoomList> list_;
};

}  // namespace

Route room_list_route(std::shared_ptr<const Namespaces> namespaces, bool anonymous,
                      detail::auth::OriginPolicy origins) {
  auto list = std::make_shared<RoomList>(std::move(namespaces), anonymous);
  return route<RoomListHandler>("/rooms", std::move(list), std::move(origins));
}

}  // namespace coroom::server
