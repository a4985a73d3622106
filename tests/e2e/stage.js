// The call's page with drawn pictures instead of people: a second view of the page that is open, without a session.
// Evaluated in a room's page before anybody has knocked; the test says who is there.
async () => {
  const { View } = await import(document.querySelector('script[src*="pages/room"]').src.replace(/pages\/room[^/]*$/, 'call/view.js'));
  const texts = JSON.parse(document.getElementById('room-texts').textContent);
  const view = new View(texts, new Proxy({}, { get: () => () => {} }), { canShare: true });
  const here = new Map();

  function drawn(width, height, colour) {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const pen = canvas.getContext('2d');
    setInterval(() => { pen.fillStyle = colour; pen.fillRect(0, 0, width, height); }, 100);
    return canvas.captureStream(10).getVideoTracks()[0];
  }

  function put(seat, name, media = {}) {
    const known = here.has(seat);
    const person = {
      seat, name, instance: 'one', role: 'guest', state: 'admitted', kind: 'browser', connected: true,
      since: '2026-11-23T10:00:00Z', media: { microphone: true, camera: true, screen: false, ...media },
    };
    here.set(seat, person);
    view.putPerson(person);
    if (!known) {
      // Every other one holds a telephone upright.
      view.putTrack(seat, 'camera', here.size % 2 ? drawn(640, 360, '#7ab') : drawn(360, 640, '#ba7'));
      view.peerState(seat, 'connected');
    }
    if (media.screen) view.putTrack(seat, 'screen', drawn(1280, 720, '#fff'));
    view.roster({ seat: 'me', name: 'Karen Jensen' }, [...here.values()], []);
  }

  view.show('call');
  view.local({ microphone: null, camera: drawn(640, 360, '#aa7'), screen: null }, { microphone: true, camera: true, screen: false });
  window.stage = {
    view,
    put,
    take(seat) { here.delete(seat); view.removePerson(seat); },
    speaks(seat) { view.levels(new Map([...here.keys()].map((key) => [key, key === seat ? 0.2 : 0]))); },
  };
}
