// A participant of the relay and nothing more: answers every offer, and measures what comes in.
const seat = new URLSearchParams(location.search).get('seat');
const state = { epoch: 0, publish: null, subscribe: null, up: {}, lost: [], offers: 0, news: [], tracks: new Map(), log: [] };
window.relay = state;

const socket = new WebSocket(`ws://${location.host}/ws?seat=${seat}`);
const say = (action, members) => socket.send(JSON.stringify({ do: action, epoch: state.epoch, ...members }));
window.say = say;
const ready = navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480, frameRate: 25 } });

function connection(leg) {
  const pc = new RTCPeerConnection();
  state[leg] = pc;
  pc.onicecandidate = ({ candidate }) => candidate?.candidate && say('candidate', { leg, candidate: candidate.candidate.replace('candidate:', '') });
  if (leg === 'subscribe') {
    pc.ontrack = ({ track, streams, transceiver }) => {
      const key = `${streams[0].id}/${track.kind}`;
      state.tracks.set(key, { track, mid: transceiver.mid });
      const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
      element.autoplay = true; element.playsInline = true; element.srcObject = new MediaStream([track]);
      element.dataset.key = key;
      document.getElementById('remote').append(element);
    };
  }
  return pc;
}

async function offered({ leg, revision, sdp, epoch }) {
  state.offers += 1;
  if (epoch !== state.epoch) {
    state.publish?.close(); state.subscribe?.close();
    state.publish = state.subscribe = null;
    state.epoch = epoch; state.tracks.clear(); state.up = {};
    document.getElementById('remote').replaceChildren();
  }
  const pc = state[leg] ?? connection(leg);
  await pc.setRemoteDescription({ type: 'offer', sdp });
  if (leg === 'publish') {
    const media = await ready;
    const [microphone, camera, screen] = pc.getTransceivers();
    for (const transceiver of [microphone, camera, screen]) transceiver.direction = 'sendonly';
    await microphone.sender.replaceTrack(media.getAudioTracks()[0]);
    await camera.sender.replaceTrack(media.getVideoTracks()[0]);
  }
  await pc.setLocalDescription();
  say('answer', { leg, revision, sdp: pc.localDescription.sdp });
}

let chain = Promise.resolve();
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.event === 'offer') chain = chain.then(() => offered(message)).catch((error) => state.log.push(String(error)));
  else if (message.event === 'up') state.up[message.leg] = true;
  else if (message.event === 'lost') state.lost.push(message);
  else if (['away', 'wanted', 'poor'].includes(message.event)) state.news.push(message);
  else state.log.push(data);
};

// What comes in, by stream id and kind.
window.measure = async () => {
  const found = {};
  if (!state.subscribe) return found;
  const report = await state.subscribe.getStats();
  for (const [key, { track }] of state.tracks) {
    for (const item of report.values()) {
      if (item.type === 'inbound-rtp' && item.trackIdentifier === track.id) {
        found[key] = {
          frames: item.framesDecoded ?? 0, energy: item.totalAudioEnergy ?? 0, packets: item.packetsReceived,
          lost: item.packetsLost, freezes: item.freezeCount ?? 0, width: item.frameWidth ?? 0, nacks: item.nackCount ?? 0,
          plis: item.pliCount ?? 0, concealed: item.concealedSamples ?? 0, fps: item.framesPerSecond ?? 0,
        };
      }
    }
  }
  return found;
};
