#pragma once

#include "core/async_event.hpp"
#include "model/chance.hpp"

#include <coroom/task.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace coroom::model {

/// The gates where operations wait for a disk or a network. The schedule opens the gates in any order.
class Gates {
 public:
  task<> pass() {
    const auto gate = std::make_shared<GateState>();
    closed_.push_back(gate);
    while (!gate->open) co_await gate->event.wait();
  }

  /// Opens one gate. Returns false if no operation waits.
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
  struct GateState {
    bool open = false;
    detail::AsyncEvent event;
  };

  std::vector<std::shared_ptr<GateState>> closed_;
};

}  // namespace coroom::model
