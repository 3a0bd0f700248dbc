#pragma once

#include "core/async_event.hpp"
#include "model/chance.hpp"

#include <coroom/task.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace coroom::model {

/// Where things wait that take their time in the world, a disk or a network: the schedule lets them go on, in
/// any order.
class Gates {
 public:
  task<> pass() {
    const auto gate = std::make_shared<Gate>();
    closed_.push_back(gate);
    while (!gate->open) co_await gate->event.wait();
  }

  /// Lets one of them go on; false if nothing waits.
  bool open_one(Chance& chance) {
    if (closed_.empty()) return false;
    std::swap(closed_[chance.below(closed_.size())], closed_.back());
    const auto gate = std::move(closed_.back());
    closed_.pop_back();
    gate->open = true;
    gate->event.notify();
    return true;
  }

 private:
  struct Gate {
    bool open = false;
    detail::AsyncEvent event;
  };

  std::vector<std::shared_ptr<Gate>> closed_;
};

}  // namespace coroom::model
